package io.camelrump;

import io.camelrump.options.BigKeyOptions;
import io.camelrump.options.CheckpointOptions;
import io.camelrump.options.CompareOptions;
import io.camelrump.options.CutoverOptions;
import io.camelrump.options.FileOptions;
import io.camelrump.options.MappingOptions;
import io.camelrump.options.OptionSet;
import io.camelrump.options.QueueOptions;
import io.camelrump.options.SelectionOptions;
import io.camelrump.options.SentinelOptions;
import io.camelrump.options.ServerOptions;
import io.camelrump.options.SourceOptions;
import io.camelrump.options.TargetOptions;
import io.camelrump.options.ThrottleOptions;
import io.camelrump.options.TlsOptions;
import org.apache.camel.Component;
import org.apache.camel.spi.UriParam;
import org.apache.camel.support.ScheduledPollEndpoint;

/** The options of an endpoint, in groups. */
abstract class OptionGroups extends ScheduledPollEndpoint {
    @UriParam
    private ServerOptions serverOptions = new ServerOptions();

    @UriParam
    private SentinelOptions sentinelOptions = new SentinelOptions();

    @UriParam
    private TlsOptions tlsOptions = new TlsOptions();

    @UriParam
    private SelectionOptions selectionOptions = new SelectionOptions();

    @UriParam
    private MappingOptions mappingOptions = new MappingOptions();

    @UriParam
    private SourceOptions sourceOptions = new SourceOptions();

    @UriParam
    private BigKeyOptions bigKeyOptions = new BigKeyOptions();

    @UriParam
    private QueueOptions queueOptions = new QueueOptions();

    @UriParam
    private ThrottleOptions throttleOptions = new ThrottleOptions();

    @UriParam
    private CheckpointOptions checkpointOptions = new CheckpointOptions();

    @UriParam
    private TargetOptions targetOptions = new TargetOptions();

    @UriParam
    private CompareOptions compareOptions = new CompareOptions();

    @UriParam
    private CutoverOptions cutoverOptions = new CutoverOptions();

    @UriParam
    private FileOptions fileOptions = new FileOptions();

    OptionGroups(String uri, Component component) {
        super(uri, component);
    }

    /** The groups, for whoever needs several of them. */
    OptionSet options() {
        return new OptionSet(
                serverOptions,
                selectionOptions,
                mappingOptions,
                sourceOptions,
                bigKeyOptions,
                queueOptions,
                throttleOptions,
                checkpointOptions,
                targetOptions,
                compareOptions,
                cutoverOptions);
    }

    ServerOptions getServerOptions() {
        return serverOptions;
    }

    SentinelOptions getSentinelOptions() {
        return sentinelOptions;
    }

    TlsOptions getTlsOptions() {
        return tlsOptions;
    }

    SelectionOptions getSelectionOptions() {
        return selectionOptions;
    }

    MappingOptions getMappingOptions() {
        return mappingOptions;
    }

    SourceOptions getSourceOptions() {
        return sourceOptions;
    }

    BigKeyOptions getBigKeyOptions() {
        return bigKeyOptions;
    }

    QueueOptions getQueueOptions() {
        return queueOptions;
    }

    ThrottleOptions getThrottleOptions() {
        return throttleOptions;
    }

    CheckpointOptions getCheckpointOptions() {
        return checkpointOptions;
    }

    TargetOptions getTargetOptions() {
        return targetOptions;
    }

    CompareOptions getCompareOptions() {
        return compareOptions;
    }

    CutoverOptions getCutoverOptions() {
        return cutoverOptions;
    }

    FileOptions getFileOptions() {
        return fileOptions;
    }
}
