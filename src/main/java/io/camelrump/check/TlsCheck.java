package io.camelrump.check;

import io.camelrump.needs.Finding;
import io.camelrump.needs.Side;
import io.camelrump.redis.ServerAddress;
import io.camelrump.redis.Tls;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Whether others on the network can read, or take the server's place. */
final class TlsCheck {
    private static final Duration SOON = Duration.ofDays(14);

    private TlsCheck() {}

    static Finding finding(Side side) {
        String name = side.name() + " TLS";
        ServerAddress address = side.connection().address();
        Tls tls = address.tls();
        SSLSession session = side.connection().tlsSession();
        if (tls == null || session == null) {
            return address.isSocket() || isHere(address)
                    ? Finding.yes(name, "no TLS, and none needed on this machine")
                    : Finding.note(
                            name,
                            "no TLS: password and data can be read on the network",
                            "write rediss:// if the server offers TLS, or use a tunnel where the network is not yours");
        }
        Instant until = validUntil(session);
        String found = session.getProtocol() + ", certificate valid until " + until.truncatedTo(ChronoUnit.SECONDS);
        if (tls.isInsecure()) {
            return Finding.note(
                    name,
                    session.getProtocol() + ", but anybody may have answered: the certificate is not checked",
                    "give the server's CA instead of --" + flag(side) + "-insecure");
        }
        return until.isBefore(Instant.now().plus(SOON))
                ? Finding.note(name, found, "renew it before the run: no connection can be opened after that")
                : Finding.yes(name, found);
    }

    private static String flag(Side side) {
        return side.name().equals("source") ? "from" : "to";
    }

    private static boolean isHere(ServerAddress address) {
        try {
            return InetAddress.getByName(address.host()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            // it was found a moment ago; then it is no address of this machine
            return false;
        }
    }

    private static Instant validUntil(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? certificate.getNotAfter().toInstant()
                    : Instant.MAX;
        } catch (SSLPeerUnverifiedException e) {
            return Instant.MAX;
        }
    }
}
