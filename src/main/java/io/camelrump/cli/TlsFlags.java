package io.camelrump.cli;

import io.camelrump.UsageException;
import io.camelrump.redis.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags about TLS, which an address with rediss:// asks for. */
final class TlsFlags {
    @Option(
            names = "--from-ca",
            paramLabel = "FILE",
            description =
                    "Trust the authorities in this PEM file to sign the source's certificate. Default: those that "
                            + "Java trusts.")
    private @Nullable Path fromCa;

    @Option(
            names = "--from-cert",
            paramLabel = "FILE",
            description = "Present this client certificate to the source: PEM, or PKCS 12 with its key. Default: none.")
    private @Nullable Path fromCert;

    @Option(
            names = "--from-key",
            paramLabel = "FILE",
            description = "Read the private key of --from-cert from this PEM file. Default: the file of --from-cert.")
    private @Nullable Path fromKey;

    @Option(
            names = "--from-key-password-file",
            paramLabel = "FILE",
            description = "Read the password of that private key from FILE. Default: RUMP_FROM_KEY_PASSWORD.")
    private @Nullable Path fromKeyPasswordFile;

    @Option(
            names = "--from-sni",
            paramLabel = "NAME",
            description =
                    "Ask the source for this server name (SNI), and accept it in its certificate. Default: the host.")
    private @Nullable String fromSni;

    @Option(
            names = "--from-insecure",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Accept any certificate from the source: anyone on the network path can read and change "
                    + "everything. Default: false.")
    private @Nullable Boolean fromInsecure;

    @Option(
            names = "--to-ca",
            paramLabel = "FILE",
            description =
                    "Trust the authorities in this PEM file to sign the target's certificate. Default: those that "
                            + "Java trusts.")
    private @Nullable Path toCa;

    @Option(
            names = "--to-cert",
            paramLabel = "FILE",
            description = "Present this client certificate to the target: PEM, or PKCS 12 with its key. Default: none.")
    private @Nullable Path toCert;

    @Option(
            names = "--to-key",
            paramLabel = "FILE",
            description = "Read the private key of --to-cert from this PEM file. Default: the file of --to-cert.")
    private @Nullable Path toKey;

    @Option(
            names = "--to-key-password-file",
            paramLabel = "FILE",
            description = "Read the password of that private key from FILE. Default: RUMP_TO_KEY_PASSWORD.")
    private @Nullable Path toKeyPasswordFile;

    @Option(
            names = "--to-sni",
            paramLabel = "NAME",
            description =
                    "Ask the target for this server name (SNI), and accept it in its certificate. Default: the host.")
    private @Nullable String toSni;

    @Option(
            names = "--to-insecure",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Accept any certificate from the target: anyone on the network path can read and change "
                    + "everything. Default: false.")
    private @Nullable Boolean toInsecure;

    /** TLS files of the source; wrong values are named by option. */
    TlsFiles from(@Nullable String keyPassword) {
        return files(fromCa, fromCert, fromKey, fromKeyPasswordFile, keyPassword, fromSni, fromInsecure);
    }

    TlsFiles to(@Nullable String keyPassword) {
        return files(toCa, toCert, toKey, toKeyPasswordFile, keyPassword, toSni, toInsecure);
    }

    private static TlsFiles files(
            @Nullable Path ca,
            @Nullable Path cert,
            @Nullable Path key,
            @Nullable Path passwordFile,
            @Nullable String variable,
            @Nullable String sni,
            @Nullable Boolean insecure) {
        String password = passwordFile == null
                ? cert == null || variable == null || variable.isEmpty() ? null : variable
                : read(passwordFile);
        warnOfReaders(key);
        return new TlsFiles(ca, cert, key, password, sni, Boolean.TRUE.equals(insecure));
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
