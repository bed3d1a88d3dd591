package io.camelrump;

import java.time.Duration;
import java.util.Properties;
import org.apache.camel.main.Main;
import org.awaitility.Awaitility;

/**
 * One run of the route file between two servers, started and stopped as any Camel application.
 *
 * <p>{@code try (Migration run = Migration.from(a).to(b).with("scan.count", 10).start()) { run.awaitEnd(); }}
 */
public final class Migration implements AutoCloseable {

    private static final String ROUTES = "classpath:META-INF/camel-rump/routes/migrate.camel.yaml";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Main main = new Main();
    private final Properties properties = new Properties();
    private String routes = ROUTES;
    private String locations = "false";
    private int stopSeconds = 20;

    private Migration() {
        // a stop waits for what is out; the queue is asked more often than each second whether it has ended
        properties.setProperty("camel.component.seda.defaultPollTimeout", "50");
    }

    public static Migration from(RedisServer server) {
        return from(server.port());
    }

    /** Reads from this port of 127.0.0.1, such as that of a {@link FaultyProxy}. */
    public static Migration from(int port) {
        return new Migration().with("source.host", RedisServer.HOST).with("source.port", port);
    }

    /** Reads from the master that these name. */
    public static Migration from(RedisSentinels sentinels) {
        return new Migration()
                .with("source.sentinels", sentinels.places())
                .with("source.master-name", RedisSentinels.MASTER_NAME);
    }

    public Migration to(RedisSentinels sentinels) {
        return with("target.sentinels", sentinels.places()).with("target.master-name", RedisSentinels.MASTER_NAME);
    }

    public Migration to(RedisServer server) {
        return to(server.port());
    }

    /** Writes to this port of 127.0.0.1. */
    public Migration to(int port) {
        return with("target.host", RedisServer.HOST).with("target.port", port);
    }

    /** Sets a property of the route file. */
    public Migration with(String name, Object value) {
        properties.setProperty(name, String.valueOf(value));
        return this;
    }

    /** Takes properties from this place too. */
    public Migration properties(String location) {
        locations = location;
        return this;
    }

    /** How long a stop waits for what is out. */
    public Migration stopWithin(int seconds) {
        stopSeconds = seconds;
        return this;
    }

    /** Takes other routes than those in the jar: a location as Camel's {@code routesIncludePattern}. */
    public Migration routes(String location) {
        routes = location;
        return this;
    }

    /** Binds a bean that the routes use. */
    public Migration bind(String name, Object bean) {
        main.bind(name, bean);
        return this;
    }

    /** Starts the routes; what Camel throws comes out as it is. */
    public Migration start() {
        main.configure()
                .withAutoConfigurationLogSummary(false)
                .withJmxEnabled(false)
                .withShutdownTimeout(stopSeconds)
                .withShutdownLogInflightExchangesOnTimeout(false)
                .withRoutesIncludePattern(routes);
        main.setDefaultPropertyPlaceholderLocation(locations);
        main.setOverrideProperties(properties);
        try {
            main.start();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
        return this;
    }

    public Main main() {
        return main;
    }

    /** The books of the run; there is one as soon as it has started. */
    public Ledger ledger() {
        return main.getCamelContext().getRegistry().findSingleByType(Ledger.class);
    }

    /** Waits until so many keys were read. */
    public void awaitRead(long keys) {
        Ledger ledger = ledger();
        Awaitility.await("keys read")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> ledger.counts().read() >= keys);
    }

    /** Waits until the run has ended, well or not. */
    public Ledger awaitEnd() {
        return awaitEnd(PATIENCE);
    }

    public Ledger awaitEnd(Duration patience) {
        Ledger ledger = ledger();
        Awaitility.await("end of the run")
                .atMost(patience)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> ledger.state().isFinal());
        return ledger;
    }

    /** Waits for the end, at which every key must have its outcome, if a refused one too. */
    public Counts awaitComplete() {
        Ledger ledger = awaitEnd();
        if (!ledger.state().isSettled() || !ledger.counts().balanced()) {
            throw new AssertionError("not complete: " + ledger + " " + ledger.failure() + " " + ledger.counts());
        }
        return ledger.counts();
    }

    @Override
    public void close() {
        main.stop();
    }
}
