package io.camelrump.redis;

import io.camelrump.UsageException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * What a person gives for a connection by TLS. An {@link UsageException} begins with the name of the option that is
 * wrong.
 *
 * @param ca certificates as PEM: those to trust, instead of the ones that Java trusts
 * @param cert the client's certificate and those above it as PEM, or a PKCS 12 file with its key; null shows none
 * @param key its private key as PEM; null where {@code cert} has it
 * @param keyPassword what {@code key}, or the PKCS 12 file, is encrypted with; null if it is not
 * @param sni the name that the server is asked for, which its certificate may carry instead of the host; null is the
 *     host
 * @param insecure takes any certificate, for any name
 */
public record TlsFiles(
        @Nullable Path ca,
        @Nullable Path cert,
        @Nullable Path key,
        @Nullable String keyPassword,
        @Nullable String sni,
        boolean insecure) {
    /** Nothing given: what Java trusts, and the host's name. */
    public static final TlsFiles NONE = new TlsFiles(null, null, null, null, null, false);

    private static final char[] NO_PASSWORD = {};
    private static final String CERTIFICATES = "a PEM file with certificates";

    public TlsFiles {
        if (key != null && cert == null) {
            throw wrong("key", key, "given with the certificate that it belongs to, cert");
        }
        if (insecure && ca != null) {
            throw wrong("insecure", true, "left out where ca says whom to trust");
        }
        if (keyPassword != null && cert == null) {
            throw new UsageException("keyPassword: it must be given with the certificate, cert");
        }
    }

    /** Whether anything is given. */
    public boolean isEmpty() {
        return ca == null && cert == null && key == null && keyPassword == null && sni == null && !insecure;
    }

    /** One that is given, for a message; the options stand in the order of their importance. */
    public String firstOption() {
        return ca != null ? "ca" : cert != null ? "cert" : sni != null ? "sni" : "insecure";
    }

    /** Reads the files. */
    public Tls load() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(), new TrustManager[] {trustManager()}, null);
            return new Tls(context.getSocketFactory(), sni, insecure);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS: " + e.getMessage(), e);
        }
    }

    private TrustManager trustManager() throws GeneralSecurityException {
        if (insecure) {
            return new AnyCertificate();
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(ca == null ? null : trusted(ca));
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager strict) {
                return new ExplainingTrustManager(strict);
            }
        }
        throw new GeneralSecurityException("it checks no certificates");
    }

    private static KeyStore trusted(Path file) throws GeneralSecurityException {
        List<X509Certificate> certificates = read("ca", file, null).certificates();
        if (certificates.isEmpty()) {
            throw wrong("ca", file, CERTIFICATES + "; it has none");
        }
        KeyStore store = empty();
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("ca" + i, certificates.get(i));
        }
        return store;
    }

    private KeyManager @Nullable [] keyManagers() throws GeneralSecurityException {
        if (cert == null) {
            return null;
        }
        boolean isStore = isKeyStore(cert);
        char[] password = isStore && keyPassword != null ? keyPassword.toCharArray() : NO_PASSWORD;
        KeyStore store = isStore ? opened(cert, password) : pair(cert, key == null ? cert : key);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        try {
            factory.init(store, password);
        } catch (GeneralSecurityException e) {
            throw wrong("cert", cert, "a file whose key the password opens; it does not");
        }
        return factory.getKeyManagers();
    }

    /** Whether a file begins as DER, or as Java's own key store, and so is no text. */
    private static boolean isKeyStore(Path file) {
        try (InputStream in = new FileInputStream(file.toFile())) {
            int first = in.read();
            return first == 0x30 || first == 0xFE;
        } catch (IOException e) {
            throw unreadable("cert", file, e);
        }
    }

    private KeyStore opened(Path file, char[] password) {
        if (key != null) {
            throw wrong("key", key, "left out where cert is a PKCS 12 file, which has the key");
        }
        try {
            return KeyStore.getInstance(file.toFile(), password);
        } catch (IOException | GeneralSecurityException e) {
            throw wrong("cert", file, "a PEM file, or a PKCS 12 file that keyPassword opens; it does not");
        }
    }

    private KeyStore pair(Path certFile, Path keyFile) throws GeneralSecurityException {
        List<X509Certificate> certificates = read("cert", certFile, keyPassword).certificates();
        if (certificates.isEmpty()) {
            throw wrong("cert", certFile, CERTIFICATES + ", or a PKCS 12 file; it is neither");
        }
        Pem keys = read(key == null ? "cert" : "key", keyFile, keyPassword);
        if (keys.key() == null) {
            throw wrong(key == null ? "cert" : "key", keyFile, "a PEM file with the private key; it has none");
        }
        KeyStore store = empty();
        store.setKeyEntry("client", keys.key(), NO_PASSWORD, certificates.toArray(X509Certificate[]::new));
        return store;
    }

    private static KeyStore empty() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        return store;
    }

    private static Pem read(String option, Path file, @Nullable String password) {
        try {
            return Pem.read(file, password);
        } catch (IOException e) {
            throw unreadable(option, file, e);
        } catch (GeneralSecurityException e) {
            throw new UsageException(option + "=" + file + ": " + e.getMessage(), e);
        }
    }

    private static UsageException unreadable(String option, Path file, IOException error) {
        return new UsageException(
                option + "=" + file + ": it cannot be read ("
                        + (Files.exists(file) ? reason(error) : "there is no such file") + ")",
                error);
    }

    private static String reason(IOException error) {
        return error instanceof AccessDeniedException ? "not allowed" : String.valueOf(error.getMessage());
    }

    private static UsageException wrong(String option, Object value, String allowed) {
        return new UsageException(option + "=" + value + ": it must be " + allowed);
    }

    /** Never the password. */
    @Override
    public String toString() {
        return "ca=" + ca + ", cert=" + cert + ", key=" + key + ", sni=" + sni + ", insecure=" + insecure;
    }
}
