package io.camelrump.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.fixtures.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainingTrustManagerTest {
    private static final String CLEAR_SCREEN = "\u001b[2J";

    @Test
    void wordsOfACertificateMoveNoCursor(@TempDir Path folder) throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.authority("red\\1B[31m");
        Path signed = certificates.signed("red\\1B[31m", "server", "email:" + CLEAR_SCREEN + "a@redis.example");
        X509Certificate certificate;
        try (var pem = Files.newInputStream(signed)) {
            certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
        var refused = new ExplainingTrustManager.RefusedException(certificate, new CertificateException("no"));

        assertThat(refused.issuer()).isEqualTo("CN=red\\x1b[31m");
        assertThat(refused.names()).isEqualTo("\\x1b[2Ja@redis.example");
    }
}
