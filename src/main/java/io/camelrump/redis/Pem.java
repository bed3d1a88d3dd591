package io.camelrump.redis;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Certificates and private keys as text between BEGIN and END lines; what stands around them is left alone. */
final class Pem {
    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN ([A-Z0-9 ]++)-----\\s*+((?:[A-Za-z-]++:[^\\r\\n]*+\\s++)*+)([A-Za-z0-9+/=\\s]*+)"
                    + "-----END \\1-----");
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final Set<String> PBES2 = Set.of("PBES2", "1.2.840.113549.1.5.13");
    /** Header of PKCS 8 before the key of PKCS 1: version 0, and RSA as the algorithm. */
    private static final byte[] RSA_HEADER = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    private final List<X509Certificate> certificates = new ArrayList<>();
    private @Nullable PrivateKey key;

    private Pem() {}

    /**
     * Reads a file.
     *
     * @param password opens an encrypted key; null if there is none
     * @throws GeneralSecurityException with a reason for a person
     */
    static Pem read(Path file, @Nullable String password) throws IOException, GeneralSecurityException {
        Pem pem = new Pem();
        Matcher block = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (block.find()) {
            byte[] content = decoded(block.group(3));
            switch (block.group(1)) {
                case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE" ->
                    pem.certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(content)));
                case "PRIVATE KEY" -> pem.key = key(new PKCS8EncodedKeySpec(content));
                case "RSA PRIVATE KEY" -> pem.key = key(rsa(content, block.group(2)));
                case "ENCRYPTED PRIVATE KEY" -> pem.key = key(decrypted(content, password));
                default -> {
                    // others are parameters of a curve, and the like
                    if (block.group(1).endsWith("PRIVATE KEY")) {
                        throw unread("is in an older form (" + block.group(1) + ")");
                    }
                }
            }
        }
        return pem;
    }

    private static byte[] decoded(String lines) throws GeneralSecurityException {
        try {
            return Base64.getMimeDecoder().decode(lines);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("what stands between its BEGIN and END lines is damaged", e);
        }
    }

    List<X509Certificate> certificates() {
        return certificates;
    }

    @Nullable
    PrivateKey key() {
        return key;
    }

    private static PrivateKey key(PKCS8EncodedKeySpec content) throws GeneralSecurityException {
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(content);
            } catch (InvalidKeySpecException e) {
                // a key of another algorithm
            }
        }
        throw unread("is damaged, or of an algorithm other than " + String.join(", ", KEY_ALGORITHMS));
    }

    /** PKCS 1 is the inner part of PKCS 8. */
    private static PKCS8EncodedKeySpec rsa(byte[] key, String headers) throws GeneralSecurityException {
        if (headers.contains("ENCRYPTED")) {
            throw unread("is encrypted in an older form");
        }
        return new PKCS8EncodedKeySpec(element(0x30, RSA_HEADER, element(0x04, key)));
    }

    /** A DER element: tag, length in two bytes, and the parts of its content. */
    private static byte[] element(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer element = ByteBuffer.allocate(4 + length);
        element.put((byte) tag).put((byte) 0x82).putShort((short) length);
        for (byte[] part : parts) {
            element.put(part);
        }
        return element.array();
    }

    private static PKCS8EncodedKeySpec decrypted(byte[] content, @Nullable String password)
            throws IOException, GeneralSecurityException {
        if (password == null) {
            throw new GeneralSecurityException("its key is encrypted, and no password is given for it");
        }
        EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(content);
        // by PBES2 the parameters' name is that of the whole algorithm
        String algorithm = PBES2.contains(encrypted.getAlgName())
                ? String.valueOf(encrypted.getAlgParameters())
                : encrypted.getAlgName();
        try {
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray())),
                    encrypted.getAlgParameters());
            return encrypted.getKeySpec(cipher);
        } catch (NoSuchAlgorithmException e) {
            throw unread("is encrypted by " + algorithm + ", which Java does not know");
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException("the password does not open its key", e);
        }
    }

    private static GeneralSecurityException unread(String why) {
        return new GeneralSecurityException(
                "its key " + why + "; openssl pkcs8 -topk8 -in KEY -out NEW writes one that can be read");
    }
}
