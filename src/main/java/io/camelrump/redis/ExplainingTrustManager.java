package io.camelrump.redis;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Checks as Java does, and shows with its refusal the certificate that it is about. */
final class ExplainingTrustManager extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager strict;

    ExplainingTrustManager(X509ExtendedTrustManager strict) {
        this.strict = strict;
    }

    /** A refusal, and the certificate of the server that was refused. */
    static final class RefusedException extends CertificateException {
        private static final long serialVersionUID = 1L;

        private final transient X509Certificate certificate;

        RefusedException(X509Certificate certificate, CertificateException cause) {
            super(cause.getMessage(), cause);
            this.certificate = certificate;
        }

        String issuer() {
            return ShownText.of(certificate.getIssuerX500Principal().getName());
        }

        /** The names and addresses that it is for. */
        String names() {
            try {
                Collection<List<?>> names = certificate.getSubjectAlternativeNames();
                return ShownText.of(
                        names == null
                                ? certificate.getSubjectX500Principal().getName()
                                : names.stream()
                                        .map(name -> String.valueOf(name.get(1)))
                                        .collect(Collectors.joining(", ")));
            } catch (CertificateParsingException e) {
                return "none";
            }
        }

        String validUntil() {
            return certificate.getNotAfter().toInstant().toString();
        }

        String validFrom() {
            return certificate.getNotBefore().toInstant().toString();
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        try {
            strict.checkServerTrusted(chain, type, socket);
        } catch (CertificateException e) {
            throw new RefusedException(chain[0], e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        strict.checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        strict.checkServerTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        strict.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        strict.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        strict.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return strict.getAcceptedIssuers();
    }
}
