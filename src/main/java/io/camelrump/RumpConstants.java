package io.camelrump;

import java.util.List;
import org.apache.camel.spi.Metadata;

/** Names of the headers and the exchange property of the component. */
public final class RumpConstants {
    @Metadata(label = "consumer", description = "Number of keys in the page.", javaType = "int")
    public static final String KEYS = "CamelRumpKeys";

    @Metadata(label = "consumer", description = "Bytes of keys and payloads in the page.", javaType = "long")
    public static final String BYTES = "CamelRumpBytes";

    @Metadata(label = "consumer", description = "Number of the database that the page was read from.", javaType = "int")
    public static final String DATABASE = "CamelRumpDatabase";

    @Metadata(
            label = "consumer",
            description = "Share of the keyspace that was scanned, from 0 to 1.",
            javaType = "double")
    public static final String PROGRESS = "CamelRumpProgress";

    @Metadata(
            label = "consumer",
            description = "Only on the last exchange of a run, whose body is a page without keys: true if every key has"
                    + " its outcome"
                    + " and none was refused or, in a comparison, differs; else false.",
            javaType = "boolean")
    public static final String COMPLETE = "CamelRumpComplete";

    @Metadata(
            label = "consumer",
            description =
                    "On the last exchange: how the run ended: COMPLETE, REFUSED, DIFFERENT, FAILED or" + " INCOMPLETE.",
            javaType = "io.camelrump.RunState")
    public static final String STATE = "CamelRumpState";

    @Metadata(
            label = "consumer",
            description = "On the last exchange of a run that did not end COMPLETE: why, in one sentence.",
            javaType = "String")
    public static final String CAUSE = "CamelRumpCause";

    @Metadata(
            label = "consumer",
            description =
                    "On the last exchange of a comparison that found differences: how many keys differ, by cause.",
            javaType = "java.util.Map<io.camelrump.Difference.Cause, Long>")
    public static final String DIFFERING = "CamelRumpDiffering";

    @Metadata(
            label = "consumer",
            description = "On the last exchange: the counts of the run.",
            javaType = "io.camelrump.Counts")
    public static final String COUNTS = "CamelRumpCounts";

    @Metadata(
            label = "consumer",
            description = "With operation=events: what happened, such as first-copy-complete or at-the-barrier.",
            javaType = "String")
    public static final String EVENT = "CamelRumpEvent";

    @Metadata(
            label = "consumer",
            description = "With operation=events: what happened, in one sentence.",
            javaType = "String")
    public static final String TEXT = "CamelRumpText";

    @Metadata(label = "consumer", description = "With operation=events: the name of the run.", javaType = "String")
    public static final String MIGRATION = "CamelRumpMigration";

    @Metadata(
            label = "consumer",
            description = "With operation=events: where a cutover leads the clients, to the target of a migration or"
                    + " back to its former source.",
            javaType = "io.camelrump.CutoverDirection")
    public static final String DIRECTION = "CamelRumpDirection";

    @Metadata(
            label = "consumer",
            description = "With operation=events: where the run is in its course.",
            javaType = "io.camelrump.RunPhase")
    public static final String PHASE = "CamelRumpPhase";

    @Metadata(
            label = "consumer",
            description = "With the events at-the-barrier and converged: when both sides were equal.",
            javaType = "java.time.Instant")
    public static final String AS_OF = "CamelRumpAsOf";

    @Metadata(
            label = "consumer",
            description =
                    "With the event at-the-barrier: milliseconds for which the writers of the source are still held"
                            + " up, if the run holds them up. The exchange must end before.",
            javaType = "long")
    public static final String PAUSE_LEFT = "CamelRumpPauseLeft";

    @Metadata(
            label = "producer",
            description = "Milliseconds since the exchange began after which its pages are not written any more, and it"
                    + " fails: a transport may have handed them to another process.",
            javaType = "long")
    public static final String WRITE_WITHIN = "CamelRumpWriteWithin";

    @Metadata(label = "producer", description = "Number of keys restored.", javaType = "int")
    public static final String RESTORED = "CamelRumpRestored";

    @Metadata(label = "producer", description = "Number of keys that the conflict policy kept.", javaType = "int")
    public static final String KEPT = "CamelRumpKept";

    @Metadata(label = "producer", description = "Number of keys that the target refused.", javaType = "int")
    public static final String REFUSED = "CamelRumpRefused";

    @Metadata(
            label = "producer",
            description = "The refused keys with the target's words.",
            javaType = "java.util.List<io.camelrump.Refusal>")
    public static final String FAILURES = "CamelRumpFailures";

    @Metadata(
            label = "producer",
            description =
                    "Of a message that SpreadPages gives: number of its lane, from 0, such as a partition of Kafka.",
            javaType = "int")
    public static final String LANE = "CamelRumpLane";

    /** Headers that only the last exchange of a run has. */
    static final List<String> OF_THE_END = List.of(COMPLETE, STATE, CAUSE, COUNTS, DIFFERING);

    private RumpConstants() {}
}
