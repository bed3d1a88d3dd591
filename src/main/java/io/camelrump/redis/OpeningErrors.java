package io.camelrump.redis;

import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection did not come about, in a sentence for a person: what TLS has to do with it, or one of
 * {@link ErrorText}.
 */
final class OpeningErrors {
    private static final Pattern ALERT = Pattern.compile("fatal alert: (\\w+)");

    private OpeningErrors() {}

    static RedisException failure(ServerAddress address, Exception error) {
        List<Throwable> chain = chain(error);
        if (address.tls() == null) {
            return Probe.mayBe(chain) && Probe.speaksTls(address)
                    ? RedisException.permanentError(address + " speaks TLS: write rediss:// (option tls=true).")
                    : ErrorText.failure(address, error);
        }
        RedisException refused = certificate(address, chain);
        if (refused != null) {
            return refused;
        }
        SSLException tls = find(chain, SSLException.class);
        if (tls == null && Probe.mayBe(chain)) {
            // by TLS 1.3 a server looks at the client's certificate later, and what it says may come after our first
            // words
            tls = Probe.lateRefusal(address);
        }
        String said = tls == null ? "" : ShownText.of(String.valueOf(tls.getMessage()));
        if (said.startsWith("Unsupported or unrecognized SSL message")
                || find(chain, SocketTimeoutException.class) != null && Probe.speaksPlain(address)) {
            return RedisException.permanentError(
                    address + " does not speak TLS: write redis:// (option tls=false) if the network is trusted.");
        }
        Matcher alert = ALERT.matcher(said);
        if (alert.find()) {
            return alert(address, alert.group(1));
        }
        return tls == null || find(chain, EOFException.class) != null
                ? ErrorText.failure(address, error)
                : RedisException.permanentError("TLS with " + address + " failed: " + said + ".");
    }

    private static @Nullable RedisException certificate(ServerAddress address, List<Throwable> chain) {
        var refused = find(chain, ExplainingTrustManager.RefusedException.class);
        String whose = "The certificate of " + address + " ";
        String said = chain.stream().map(String::valueOf).reduce("", (all, one) -> all + "\n" + one);
        if (find(chain, CertificateExpiredException.class) != null) {
            return RedisException.permanentError(
                    whose + "has expired" + (refused == null ? "" : " at " + refused.validUntil())
                            + ": the server needs a new one, unless the clock here is wrong.");
        }
        if (find(chain, CertificateNotYetValidException.class) != null) {
            return RedisException.permanentError(whose + "is not valid yet"
                    + (refused == null ? "" : ", but from " + refused.validFrom() + " on") + ": check the clock here.");
        }
        if (said.contains("No subject alternative") || said.contains("No name matching")) {
            return RedisException.permanentError(whose + "is for another name"
                    + (refused == null ? "" : ": " + refused.names())
                    + ". Connect by a name that it has, or name one by --from-sni or --to-sni (option sni).");
        }
        if (said.contains("unable to find valid certification path")
                || said.contains("Path does not chain with any of the trust anchors")
                || refused != null) {
            return RedisException.permanentError(whose + "is signed by a CA that is not trusted here"
                    + (refused == null ? "" : " (" + refused.issuer() + ")")
                    + ": give that CA's certificate by --from-ca or --to-ca (option ca).");
        }
        return null;
    }

    /** An error for the TLS alert by which the server ended the connection. */
    private static RedisException alert(ServerAddress address, String name) {
        String said = address + " ended TLS with " + name + ": ";
        return switch (name) {
            case "certificate_required", "handshake_failure" ->
                RedisException.permanentError(
                        said + "it wants a certificate of the client, by --from-cert and --from-key or"
                                + " --to-cert and --to-key (options cert and key)"
                                + (name.startsWith("handshake") ? ", or other ciphers." : "."));
            case "bad_certificate",
                    "unknown_ca",
                    "certificate_unknown",
                    "unsupported_certificate",
                    "certificate_expired",
                    "certificate_revoked",
                    "access_denied",
                    "decrypt_error" ->
                RedisException.permanentError(said + "it does not take the certificate of the client (option cert).");
            case "unrecognized_name" ->
                RedisException.permanentError(
                        said + "it has no such name; name one by --from-sni or --to-sni (option sni).");
            case "protocol_version" ->
                RedisException.permanentError(said + "it takes no version of TLS that Java offers.");
            default -> RedisException.transientError(said + "see its log.", null);
        };
    }

    private static List<Throwable> chain(Throwable error) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = error; cause != null && !chain.contains(cause); cause = cause.getCause()) {
            chain.add(cause);
        }
        return chain;
    }

    private static <T> @Nullable T find(List<Throwable> chain, Class<T> type) {
        return chain.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }
}
