package io.camelrump.options;

import io.camelrump.UsageException;
import io.camelrump.redis.Credential;
import io.camelrump.redis.LogIn;
import io.camelrump.redis.PasswordFile;
import io.camelrump.redis.Sentinels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/** Which sentinels know where the server is, where host and port are not given. */
@UriParams
public class SentinelOptions {

    @UriParam(
            label = "sentinel",
            description =
                    "Sentinels to ask for the address of the server, instead of host and port: host:port of each, "
                            + "separated by commas. They are asked for each connection, so that a failover is"
                            + " followed.")
    private @Nullable String sentinels;

    @UriParam(
            label = "sentinel",
            description = "Name under which the sentinels know the master. Required with sentinels.")
    private @Nullable String masterName;

    @UriParam(
            label = "sentinel",
            description = "ACL user to log in to the sentinels as. Their default user if not set.")
    private @Nullable String sentinelUsername;

    @UriParam(
            label = "sentinel",
            secret = true,
            description = "Password of the sentinels, which is separate from that of the server.")
    private @Nullable String sentinelPassword;

    @UriParam(
            label = "sentinel",
            description = "File that holds the password of the sentinels, instead of sentinelPassword. It is read for"
                    + " each connection.")
    private @Nullable String sentinelPasswordFile;

    /**
     * The sentinels; null where host and port are given.
     *
     * @param name of the server, for messages
     * @param host the endpoint's host; null if not given
     * @param named what is looked up for each connection, by option
     * @throws UsageException if neither or both are given, or if the sentinels are incomplete
     */
    public @Nullable Sentinels load(String name, @Nullable String host, Map<String, Credential> named) {
        if (sentinels == null) {
            if (masterName != null
                    || sentinelUsername != null
                    || sentinelPassword != null
                    || sentinelPasswordFile != null) {
                throw OptionText.wrong(
                        "sentinels", "", "host:port of each, where masterName or a log-in of sentinels is given");
            }
            if (host == null || host.isBlank()) {
                throw OptionText.wrong(
                        "host",
                        host,
                        "the name or address of the server, as rump.%s.host or in the URI, unless sentinels are given"
                                .formatted(name));
            }
            return null;
        }
        if (host != null) {
            throw OptionText.wrong("host", host, "left out where sentinels report it");
        }
        if (masterName == null || masterName.isBlank()) {
            throw OptionText.wrong("masterName", masterName, "what the sentinels call the master");
        }
        List<HostAndPort> nodes = Sentinels.nodes(sentinels);
        if (nodes == null) {
            throw OptionText.wrong("sentinels", sentinels, "host:port of each, with commas between");
        }
        return new Sentinels(
                nodes,
                masterName,
                new LogIn(
                        named.getOrDefault("sentinelUsername", Credential.of(sentinelUsername)),
                        sentinelPasswordFile == null
                                ? named.getOrDefault("sentinelPassword", Credential.of(sentinelPassword))
                                : new PasswordFile(Path.of(sentinelPasswordFile))));
    }

    public @Nullable String getSentinels() {
        return sentinels;
    }

    public void setSentinels(@Nullable String sentinels) {
        this.sentinels = sentinels;
    }

    public @Nullable String getMasterName() {
        return masterName;
    }

    public void setMasterName(@Nullable String masterName) {
        this.masterName = masterName;
    }

    public @Nullable String getSentinelUsername() {
        return sentinelUsername;
    }

    public void setSentinelUsername(@Nullable String sentinelUsername) {
        this.sentinelUsername = sentinelUsername;
    }

    public @Nullable String getSentinelPassword() {
        return sentinelPassword;
    }

    public void setSentinelPassword(@Nullable String sentinelPassword) {
        this.sentinelPassword = sentinelPassword;
    }

    public @Nullable String getSentinelPasswordFile() {
        return sentinelPasswordFile;
    }

    public void setSentinelPasswordFile(@Nullable String sentinelPasswordFile) {
        this.sentinelPasswordFile = sentinelPasswordFile;
    }
}
