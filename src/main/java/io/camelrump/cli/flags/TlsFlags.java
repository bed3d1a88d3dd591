package io.camelrump.cli.flags;

import io.camelrump.UsageException;
import io.camelrump.cli.process.OtherUsers;
import io.camelrump.redis.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The flags about TLS, which an address with rediss:// asks for. */
public final class TlsFlags extends FlagGroup {
    private final Side from = new Side("from", "source");
    private final Side to = new Side("to", "target");

    public TlsFlags() {
        super("TLS, for rediss:// addresses");
    }

    /** TLS files of the source; wrong values are named by option. */
    public TlsFiles from(@Nullable String keyPassword) {
        return from.files(keyPassword);
    }

    public TlsFiles to(@Nullable String keyPassword) {
        return to.files(keyPassword);
    }

    /** The flags of one of the two servers. */
    private final class Side {
        private final Flag<Path> ca;
        private final Flag<Path> cert;
        private final Flag<Path> key;
        private final Flag<Path> keyPasswordFile;
        private final Flag<String> sni;
        private final Flag<Boolean> insecure;

        Side(String prefix, String server) {
            ca = file(
                    "--" + prefix + "-ca",
                    "Trust the authorities in this PEM file to sign the " + server
                            + "'s certificate. Default: those that Java trusts.");
            cert = file(
                    "--" + prefix + "-cert",
                    "Present this client certificate to the " + server
                            + ": PEM, or PKCS 12 with its key. Default: none.");
            key = file(
                    "--" + prefix + "-key",
                    "Read the private key of --" + prefix + "-cert from this PEM file. Default: the file of --" + prefix
                            + "-cert.");
            keyPasswordFile = file(
                    "--" + prefix + "-key-password-file",
                    "Read the password of that private key from FILE. Default: RUMP_" + prefix.toUpperCase(Locale.ROOT)
                            + "_KEY_PASSWORD.");
            sni = text(
                    "--" + prefix + "-sni",
                    "NAME",
                    "Ask the " + server
                            + " for this server name (SNI), and accept it in its certificate. Default: the host.");
            insecure = toggle(
                    "--" + prefix + "-insecure",
                    "Accept any certificate from the " + server
                            + ": anyone on the network path can read and change everything. Default: false.");
        }

        TlsFiles files(@Nullable String variable) {
            Path passwordFile = keyPasswordFile.value();
            String password = passwordFile == null
                    ? cert.value() == null || variable == null || variable.isEmpty() ? null : variable
                    : read(passwordFile);
            warnOfReaders(key.value());
            return new TlsFiles(
                    ca.value(),
                    cert.value(),
                    key.value(),
                    password,
                    sni.value(),
                    Boolean.TRUE.equals(insecure.value()));
        }
    }

    private static void warnOfReaders(@Nullable Path key) {
        try {
            if (key != null) {
                OtherUsers.warnOfReaders(key, "private key");
            }
        } catch (IOException e) {
            // it is refused by name when it is read
        }
    }

    private static String read(Path file) {
        try {
            return Passwords.read(file);
        } catch (UsageException e) {
            throw new UsageException("key-" + e.getMessage(), e);
        }
    }
}
