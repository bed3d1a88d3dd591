package io.camelrump;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.camelrump.redis.ErrorText;
import io.camelrump.redis.RedisException;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.SubscriberConnection;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import redis.clients.jedis.Jedis;

/**
 * Connections for camel-spring-redis to the server that a live run reads: with its address, user and TLS, so that they
 * stand in one place ({@code routes/keyspace-events.camel.yaml}).
 */
public final class KeyspaceConnection extends JedisConnectionFactory implements CamelContextAware {
    private static final Logger LOG = LoggerFactory.getLogger(KeyspaceConnection.class);

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean prepared;

    @GuardedBy("lock")
    private boolean connected;

    /** Since the first attempt that failed after one that did not. */
    @GuardedBy("lock")
    private boolean outage;

    private String migration = "rump";
    private @Nullable CamelContext context;

    /** For a bean beside the routes; it connects when it is first asked for a connection. */
    public KeyspaceConnection() {
        super(new RedisStandaloneConfiguration(), JedisClientConfiguration.defaultConfiguration());
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
        if (!prepared) {
            super.afterPropertiesSet();
            prepared = true;
        }
        return super.getConnection();
    }

    @Override
    protected Jedis fetchJedisConnector() {
        try {
            return SubscriberConnection.open(address());
        } catch (RedisException e) {
            // Spring tries again after failures of this type alone
            throw new RedisConnectionFailureException(String.valueOf(e.getMessage()), e);
        }
    }

    private void warn(RuntimeException failure) {
        LOG.warn(
                "The keyspace notifications of {} are not received, so only further scans find changes until they are: {}",
                address(),
                ErrorText.words(failure));
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
