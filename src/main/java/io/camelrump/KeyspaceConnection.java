package io.camelrump;

import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Tls;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfigBuilderCustomizer;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import redis.clients.jedis.DefaultJedisClientConfig;

/**
 * Connections for camel-spring-redis to the server that a live run reads: with its address, user and TLS, so that they
 * stand in one place ({@code routes/keyspace-events.camel.yaml}).
 */
public final class KeyspaceConnection extends JedisConnectionFactory implements CamelContextAware {
    private static final Logger LOG = LoggerFactory.getLogger(KeyspaceConnection.class);

    private final Security security;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable ServerAddress prepared;
    private boolean connected;
    /** Since the first attempt that failed after one that did not. */
    private boolean outage;

    private String migration = "rump";
    private @Nullable CamelContext context;

    /** For a bean beside the routes; it connects when it is first asked for a connection. */
    public KeyspaceConnection() {
        this(new Security());
    }

    private KeyspaceConnection(Security security) {
        super(
                new RedisStandaloneConfiguration(),
                JedisClientConfiguration.builder().customize(security).build());
        this.security = security;
    }

    /** Known later than the client's configuration is made, and before it is used. */
    private static final class Security implements JedisClientConfigBuilderCustomizer {
        private @Nullable Tls tls;

        @Override
        public void customize(DefaultJedisClientConfig.Builder client) {
            if (tls != null) {
                client.ssl(true).sslSocketFactory(tls.sockets()).sslParameters(tls.parameters());
            }
        }
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void setCamelContext(@Nullable CamelContext camelContext) {
        context = camelContext;
    }

    /** Name of the run; {@code rump} if not set. */
    public String getMigration() {
        return migration;
    }

    /** Name of the run, the option {@code migration} of its consumer. */
    public void setMigration(String migration) {
        this.migration = migration;
    }

    /** Waits for the first connection: routes come after the beans that stand beside them. */
    @Override
    public void afterPropertiesSet() {}

    @Override
    public RedisConnection getConnection() {
        lock.lock();
        try {
            RedisConnection connection = connect();
            if (outage) {
                LOG.info("The keyspace notifications of {} are received again", address());
            }
            connected = true;
            outage = false;
            return connection;
        } catch (RuntimeException e) {
            // whoever starts the route reports that the first one fails
            if (connected && !outage) {
                outage = true;
                warn(e);
            }
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private RedisConnection connect() {
        ServerAddress now = address().located();
        // a password file may have changed since the last attempt
        if (!now.equals(prepared) || outage) {
            if (prepared != null) {
                stop();
            }
            prepare(now);
            prepared = now;
        }
        return super.getConnection();
    }

    private void warn(RuntimeException failure) {
        RedisException known = failure instanceof RedisException redis ? redis : ErrorText.failure(address(), failure);
        LOG.warn(
                "The keyspace notifications of {} are not received, so only further scans find changes until they are: {}",
                address(),
                known.getMessage());
    }

    private void prepare(ServerAddress address) {
        if (address.isSocket()) {
            throw new IllegalStateException("camel-spring-redis knows no Unix sockets");
        }
        RedisStandaloneConfiguration server = getStandaloneConfiguration();
        if (server != null) {
            server.setHostName(address.host());
            server.setPort(address.port());
            server.setUsername(address.username());
            server.setPassword(address.currentPassword());
        }
        security.tls = address.tls();
        super.afterPropertiesSet();
    }

    private ServerAddress address() {
        if (context != null) {
            for (var endpoint : context.getEndpoints()) {
                if (endpoint instanceof RumpEndpoint rump
                        && rump.getSourceOptions().isLive()
                        && rump.getMigration().equals(migration)) {
                    return rump.address();
                }
            }
        }
        throw new IllegalStateException("no rump: endpoint with live=true has migration=" + migration);
    }
}
