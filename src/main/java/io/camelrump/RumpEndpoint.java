package io.camelrump;

import io.camelrump.files.FileAddress;
import io.camelrump.host.FailedStart;
import io.camelrump.keys.KeyMapping;
import io.camelrump.reading.ReadEndpoint;
import io.camelrump.redis.Credential;
import io.camelrump.redis.ServerAddress;
import java.util.Map;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.jspecify.annotations.Nullable;

/**
 * Migrate a live Redis to another with SCAN, DUMP and RESTORE.
 *
 * <p>As a consumer it reads a Redis page by page; as a producer it restores pages in pipelines. Its options are in
 * {@code io.camelrump.options}, and are set by the URI.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "rump",
        title = "Rump",
        syntax = "rump:name",
        category = {Category.DATABASE, Category.CACHE},
        headersClass = RumpConstants.class)
public class RumpEndpoint extends OptionGroups implements EndpointServiceLocation, MultipleConsumersSupport {
    @UriPath(description = "Name of the server in messages and meters, such as source or target.")
    @Metadata(required = true)
    private String name;

    @UriParam(
            defaultValue = "rump",
            description =
                    "Name of the run, which tells several in one Camel context apart: names its ledger in the registry"
                            + " and its meters.")
    private String migration = "rump";

    @UriParam(
            defaultValue = "restore",
            enums = "restore,compare,lookup,status,pause,resume,limit,cutover,go-back,release,abort,events",
            description =
                    "What a producer does with the keys of a page: restore them, compare them with what this server"
                            + " holds, or look up which of them this server lacks. The others are about the run that"
                            + " reads the server of this name: events, of a consumer, gives what happens to it; the"
                            + " rest, of a producer, steer it and answer with its status.")
    private Operation operation = Operation.RESTORE;

    private Map<String, Credential> namedLogIn = Map.of();
    private EndpointServer server = EndpointServer.unchecked(this);

    RumpEndpoint(String uri, RumpComponent component, String name) {
        super(uri, component);
        this.name = name;
        setGreedy(true);
        setInitialDelay(0);
    }

    /** Users and passwords of properties, by option: connections look them up, and take no value of the start. */
    void lookUp(Map<String, Credential> named) {
        namedLogIn = Map.copyOf(named);
    }

    Map<String, Credential> namedLogIn() {
        return namedLogIn;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        try {
            // an operation on a run is about no server
            server = operation.steers() ? server : EndpointServer.checked(this, namedLogIn);
        } catch (Exception e) {
            throw FailedStart.refused(getCamelContext(), e);
        }
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        return configured(new EndpointServices(this).consumer(processor));
    }

    /** Gives a consumer what belongs to each that polls. */
    <T extends Consumer> T configured(T consumer) throws Exception {
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        return new EndpointServices(this).producer();
    }

    /** Several routes may listen to one run. */
    @Override
    public boolean isMultipleConsumersSupported() {
        return operation == Operation.EVENTS;
    }

    @Override
    public boolean isLenientProperties() {
        return false;
    }

    @Override
    public String getServiceUrl() {
        FileAddress file = file();
        return file == null ? address().toString() : file.toString();
    }

    @Override
    public String getServiceProtocol() {
        return file() == null ? "redis" : "file";
    }

    @Override
    public Map<String, String> getServiceMetadata() {
        return server.metadata();
    }

    ServerAddress address() {
        return server.address();
    }

    /** How answers and messages name a producer's server. */
    String title() {
        FileAddress file = file();
        return name + " at " + (file == null ? address().toString() : file.toString());
    }

    /** The file that stands in the place of a server; null if there is none. */
    @Nullable
    FileAddress file() {
        return getFileOptions().address();
    }

    KeyMapping keyMapping() {
        return server.keyMapping();
    }

    /** The endpoint as a consumer reads it. */
    ReadEndpoint read() {
        return new ReadEndpoint(migration, options(), this::address, keyMapping(), file());
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getMigration() {
        return migration;
    }

    public void setMigration(String migration) {
        this.migration = migration;
    }

    public Operation getOperation() {
        return operation;
    }

    public void setOperation(Operation operation) {
        this.operation = operation;
    }
}
