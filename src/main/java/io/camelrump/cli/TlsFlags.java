package io.camelrump.cli;

import io.camelrump.redis.TlsFiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags about TLS, which an address with rediss:// asks for. */
final class TlsFlags {
    @Option(
            names = "--from-ca",
            paramLabel = "FILE",
            description =
                    "PEM file with the authorities that may have signed the source's certificate. Default: those of Java.")
    private @Nullable Path fromCa;

    @Option(
            names = "--from-cert",
            paramLabel = "FILE",
            description = "The client's certificate for the source: PEM, or PKCS 12 with its key.")
    private @Nullable Path fromCert;

    @Option(
            names = "--from-key",
            paramLabel = "FILE",
            description = "PEM file with the key of --from-cert, unless that has it too.")
    private @Nullable Path fromKey;

    @Option(
            names = "--from-key-password-file",
            paramLabel = "FILE",
            description = "File with the password of that key; RUMP_FROM_KEY_PASSWORD gives it too.")
    private @Nullable Path fromKeyPasswordFile;

    @Option(
            names = "--from-sni",
            paramLabel = "NAME",
            description = "Name to ask the source for, and to look for in its certificate. Default: the host.")
    private @Nullable String fromSni;

    @Option(
            names = "--from-insecure",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Takes any certificate from the source: who sits on the way can read and change all. Default: false.")
    private @Nullable Boolean fromInsecure;

    @Option(names = "--to-ca", paramLabel = "FILE", description = "As --from-ca, of the target.")
    private @Nullable Path toCa;

    @Option(names = "--to-cert", paramLabel = "FILE", description = "As --from-cert, for the target.")
    private @Nullable Path toCert;

    @Option(names = "--to-key", paramLabel = "FILE", description = "PEM file with its key.")
    private @Nullable Path toKey;

    @Option(names = "--to-key-password-file", paramLabel = "FILE", description = "Likewise, or RUMP_TO_KEY_PASSWORD.")
    private @Nullable Path toKeyPasswordFile;

    @Option(names = "--to-sni", paramLabel = "NAME", description = "Name to ask the target for. Default: the host.")
    private @Nullable String toSni;

    @Option(
            names = "--to-insecure",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Takes any certificate from the target. Default: false.")
    private @Nullable Boolean toInsecure;

    /** What is given for the source; wrong values are named by option. */
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
        return new TlsFiles(ca, cert, key, password, sni, Boolean.TRUE.equals(insecure));
    }

    private static String read(Path file) {
        try {
            return Passwords.read(file);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("key-" + e.getMessage(), e);
        }
    }
}
