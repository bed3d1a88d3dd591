package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.camelrump.fixtures.Certificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsFilesTest {
    @TempDir
    static Path folder;

    private static Path certificate;

    @BeforeAll
    static void makeOne() {
        certificate = new Certificates(folder).authority("one");
    }

    private static void load(
            @Nullable Path ca,
            @Nullable Path cert,
            @Nullable Path key,
            @Nullable String password,
            @Nullable String sni) {
        new TlsFiles(ca, cert, key, password, sni, false).load();
    }

    private static Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static Path key(String name, String kind, byte[] content) throws IOException {
        return file(
                name,
                "text before it\n-----BEGIN " + kind + "-----\n"
                        + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + kind + "-----\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void readsKeysOfEachKind(String algorithm) throws Exception {
        byte[] content = KeyPairGenerator.getInstance(algorithm)
                .generateKeyPair()
                .getPrivate()
                .getEncoded();

        Pem pem = Pem.read(key(algorithm, "PRIVATE KEY", content), null);

        assertThat(pem.key()).isNotNull();
        assertThat(pem.key().getEncoded()).isEqualTo(content);
    }

    @Test
    void readsAnEncryptedKeyWithItsPasswordAlone() throws Exception {
        byte[] content = KeyPairGenerator.getInstance("EC")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        String algorithm = "PBEWithHmacSHA256AndAES_256";
        byte[] salt = new byte[16];
        new SecureRandom().nextBytes(salt);
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec("p@ss word".toCharArray())),
                new PBEParameterSpec(salt, 2_048));
        // Java 17 writes no key with the name of the whole algorithm
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBES2");
        parameters.init(cipher.getParameters().getEncoded());
        byte[] encrypted = new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(content)).getEncoded();
        Path file = key("encrypted", "ENCRYPTED PRIVATE KEY", encrypted);

        assertThat(Pem.read(file, "p@ss word").key().getEncoded()).isEqualTo(content);
        assertThatThrownBy(() -> Pem.read(file, "other")).hasMessage("the password does not open its key");
        assertThatThrownBy(() -> Pem.read(file, null)).hasMessageContaining("no password is given");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PBEWithMD5AndDES", "PBEWithSHA1AndDESede"})
    void readsAKeyThatAnOlderAlgorithmEncrypted(String algorithm) throws Exception {
        byte[] content = KeyPairGenerator.getInstance("EC")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec("right".toCharArray())),
                new PBEParameterSpec(new byte[8], 2_048));
        byte[] encrypted = new EncryptedPrivateKeyInfo(cipher.getParameters(), cipher.doFinal(content)).getEncoded();
        Path file = key(algorithm, "ENCRYPTED PRIVATE KEY", encrypted);

        assertThat(Pem.read(file, "right").key().getEncoded()).isEqualTo(content);
        assertThatThrownBy(() -> Pem.read(file, "wrong")).hasMessage("the password does not open its key");
    }

    @Test
    void aKeyThatIsEncryptedByWhatJavaDoesNotKnowIsNamed() throws Exception {
        // PKCS 8 around the algorithm pbeWithSHA1AndDES-CBC, a salt, and eight bytes of a key
        byte[] unknown = HexFormat.of()
                .parseHex(
                        "3027301b06092a864886f70d01050a300e0408000000000000000002020800" + "0408" + "0000000000000000");
        Path file = key("unknown", "ENCRYPTED PRIVATE KEY", unknown);

        assertThatThrownBy(() -> Pem.read(file, "right"))
                .hasMessageStartingWith("its key is encrypted by ")
                .hasMessageContaining("which Java does not know; openssl pkcs8");
    }

    @ParameterizedTest
    @CsvSource({"RSA, is encrypted in an older form", "EC, is in an older form", "DSA, is in an older form"})
    void aKeyThatIsEncryptedInTheOlderFormIsNamed(String algorithm, String reason) throws Exception {
        Path file = file(
                "older." + algorithm,
                "-----BEGIN " + algorithm + " PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,"
                        + "CB31CC23D0A2DB0F4AA4D98E5CD42F33\n\nAAAA\n-----END " + algorithm + " PRIVATE KEY-----\n");

        assertThatThrownBy(() -> load(null, certificate, file, "right", null))
                .hasMessageStartingWith("key=" + file + ": its key " + reason)
                .hasMessageContaining("openssl pkcs8");
    }

    @Test
    void saysWhichOptionIsWrongAndWhatItTakes() throws IOException {
        Path none = folder.resolve("none");
        Path text = file("text", "no certificate");
        Path damaged = file("damaged", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Path older = key("older", "EC PRIVATE KEY", new byte[10]);
        Path binary = file("binary", "0 and more");

        assertThatThrownBy(() -> load(none, null, null, null, null))
                .hasMessage("ca=" + none + ": it cannot be read (there is no such file)");
        assertThatThrownBy(() -> load(text, null, null, null, null))
                .hasMessage("ca=" + text + ": it must be a PEM file with certificates; it has none");
        assertThatThrownBy(() -> load(damaged, null, null, null, null)).hasMessageStartingWith("ca=" + damaged + ": ");
        assertThatThrownBy(() -> load(null, certificate, older, null, null))
                .hasMessageStartingWith("key=" + older + ": its key is in an older form")
                .hasMessageContaining("openssl pkcs8");
        assertThatThrownBy(() -> load(null, certificate, text, null, null))
                .hasMessageContaining("a PEM file with the private key; it has none");
        assertThatThrownBy(() -> load(null, binary, null, "secret", null))
                .hasMessageContaining("a PKCS 12 file that keyPassword opens")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> load(null, null, text, null, null))
                .hasMessage("key=" + text + ": it must be given with the certificate that it belongs to, cert");
        assertThatThrownBy(() -> load(null, null, null, "secret", null))
                .hasMessageStartingWith("keyPassword: it must be given with")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> load(null, null, null, null, "no host name"))
                .hasMessage("sni=no host name: it must be a host name");
        assertThatThrownBy(() -> new TlsFiles(text, null, null, null, null, true))
                .hasMessageStartingWith("insecure=true: it must be left out");
    }

    @Test
    void showsNoPassword() {
        assertThat(new TlsFiles(null, certificate, null, "secret", null, false).toString())
                .doesNotContain("secret");
    }

    @Test
    void textAroundACertificateIsLeftAlone() throws IOException {
        Path chatty = file(
                "chatty", "Subject: one\n" + Files.readString(certificate, StandardCharsets.US_ASCII) + "\nthe end\n");

        assertThatCode(() -> load(chatty, null, null, null, null)).doesNotThrowAnyException();
    }
}
