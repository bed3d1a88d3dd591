package io.camelrump.options;

/** The options of one endpoint, in groups. How it is reached by TLS and sentinels is a part of its address. */
public record OptionSet(
        ServerOptions server,
        SelectionOptions selection,
        MappingOptions mapping,
        SourceOptions source,
        BigKeyOptions bigKeys,
        QueueOptions queue,
        ThrottleOptions throttle,
        CheckpointOptions checkpoint,
        TargetOptions target,
        CompareOptions compare,
        CutoverOptions cutover) {}
