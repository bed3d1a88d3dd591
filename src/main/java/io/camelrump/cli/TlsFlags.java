package io.camelrump.cli;

import io.camelrump.UsageException;
import io.camelrump.redis.TlsFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The flags about TLS, which an address with rediss:// asks for. */
final class TlsFlags extends FlagGroup {
    private final Flag<Path> fromCa = file(
            "--from-ca",
            "Trust the authorities in this PEM file to sign the source's certificate. Default: those that Java "
                    + "trusts.");
    private final Flag<Path> fromCert = file(
            "--from-cert",
            "Present this client certificate to the source: PEM, or PKCS 12 with its key. Default: none.");
    private final Flag<Path> fromKey = file(
            "--from-key", "Read the private key of --from-cert from this PEM file. Default: the file of --from-cert.");
    private final Flag<Path> fromKeyPasswordFile = file(
            "--from-key-password-file",
            "Read the password of that private key from FILE. Default: RUMP_FROM_KEY_PASSWORD.");
    private final Flag<String> fromSni = text(
            "--from-sni",
            "NAME",
            "Ask the source for this server name (SNI), and accept it in its certificate. Default: the host.");
    private final Flag<Boolean> fromInsecure = toggle(
            "--from-insecure",
            "Accept any certificate from the source: anyone on the network path can read and change everything. "
                    + "Default: false.");
    private final Flag<Path> toCa = file(
            "--to-ca",
            "Trust the authorities in this PEM file to sign the target's certificate. Default: those that Java "
                    + "trusts.");
    private final Flag<Path> toCert = file(
            "--to-cert", "Present this client certificate to the target: PEM, or PKCS 12 with its key. Default: none.");
    private final Flag<Path> toKey =
            file("--to-key", "Read the private key of --to-cert from this PEM file. Default: the file of --to-cert.");
    private final Flag<Path> toKeyPasswordFile = file(
            "--to-key-password-file",
            "Read the password of that private key from FILE. Default: RUMP_TO_KEY_PASSWORD.");
    private final Flag<String> toSni = text(
            "--to-sni",
            "NAME",
            "Ask the target for this server name (SNI), and accept it in its certificate. Default: the host.");
    private final Flag<Boolean> toInsecure = toggle(
            "--to-insecure",
            "Accept any certificate from the target: anyone on the network path can read and change everything. "
                    + "Default: false.");

    TlsFlags() {
        super("TLS, for rediss:// addresses");
    }

    /** TLS files of the source; wrong values are named by option. */
    TlsFiles from(@Nullable String keyPassword) {
        return files(
                fromCa.value(),
                fromCert.value(),
                fromKey.value(),
                fromKeyPasswordFile.value(),
                keyPassword,
                fromSni.value(),
                fromInsecure.value());
    }

    TlsFiles to(@Nullable String keyPassword) {
        return files(
                toCa.value(),
                toCert.value(),
                toKey.value(),
                toKeyPasswordFile.value(),
                keyPassword,
                toSni.value(),
                toInsecure.value());
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
