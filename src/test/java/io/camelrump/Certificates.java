package io.camelrump;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Certificates for servers and clients, made by the keytool of this Java in a folder of the test's. */
public final class Certificates {
    private static final String PASSWORD = "changeit";

    private final Path folder;

    public Certificates(Path folder) {
        this.folder = folder;
    }

    /** Makes an authority: {@code NAME.pem}. */
    public Path authority(String name) {
        keytool(name, "-dname", "CN=" + name, "-ext", "bc:c", "-validity", "30");
        return pem(name);
    }

    /**
     * Makes a certificate that the authority has signed: {@code NAME.pem}, {@code NAME.key} and {@code NAME.p12}.
     *
     * @param names such as dns:localhost,ip:127.0.0.1
     * @param more further arguments of keytool
     */
    public Path signed(String authority, String name, String names, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "-dname", "CN=" + name, "-signer", authority, "-signerkeypass", PASSWORD, "-ext", "san=" + names));
        arguments.addAll(List.of(more));
        if (!arguments.contains("-validity")) {
            arguments.addAll(List.of("-validity", "30"));
        }
        keytool(name, arguments.toArray(String[]::new));
        write(name + ".key", block("PRIVATE KEY", key(name).getEncoded()));
        return pem(name);
    }

    /** The arguments of a server that shows the certificate of that name. */
    public String[] server(int tlsPort, String name, String authority, String clients) {
        return new String[] {
            "--tls-port", String.valueOf(tlsPort),
            "--tls-cert-file", file(name + ".pem"),
            "--tls-key-file", file(name + ".key"),
            "--tls-ca-cert-file", file(authority + ".pem"),
            "--tls-auth-clients", clients
        };
    }

    public String file(String name) {
        return folder.resolve(name).toString();
    }

    /** The key alone as PKCS 1, which is what PKCS 8 of RSA has from its 27th byte on. */
    public String olderKey(String name) {
        byte[] encoded = key(name).getEncoded();
        return write(name + ".rsa", block("RSA PRIVATE KEY", Arrays.copyOfRange(encoded, 26, encoded.length)));
    }

    /** Certificate and key with a password. */
    public String keyStore(String name, String password) {
        try {
            KeyStore all = all();
            KeyStore one = KeyStore.getInstance("PKCS12");
            one.load(null, null);
            one.setKeyEntry(name, key(name), password.toCharArray(), all.getCertificateChain(name));
            Path file = folder.resolve(name + ".p12");
            try (var out = Files.newOutputStream(file)) {
                one.store(out, password.toCharArray());
            }
            return file.toString();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void keytool(String alias, String... arguments) {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "RSA",
                "-keystore",
                file("all.p12"),
                "-storepass",
                PASSWORD));
        line.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", line) + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private KeyStore all() throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(folder.resolve("all.p12").toFile(), PASSWORD.toCharArray());
    }

    private Key key(String name) {
        try {
            return all().getKey(name, PASSWORD.toCharArray());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path pem(String name) {
        try {
            return Path.of(write(
                    name + ".pem",
                    block("CERTIFICATE", all().getCertificate(name).getEncoded())));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String block(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + what
                + "-----\n";
    }
}
