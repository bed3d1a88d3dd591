package io.camelrump;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.util.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Lets those steer a run by HTTP who know a token, from this machine alone. A page of another web site, which a browser
 * here may show, can send requests to a loopback port too: it is known by the headers Host and Origin.
 *
 * <p>A request that is refused gets its answer, and goes no further in the route.
 */
public final class ControlAccess {
    private static final String OPERATION = "operation";
    private static final String BEARER = "Bearer ";
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNSUPPORTED = 415;

    private byte[] token = {};
    private int port;
    private Set<String> operations = Set.of();

    /** Port by which the requests come. */
    public void setPort(int port) {
        this.port = port;
    }

    /** Secret that each request must bring. */
    public void setToken(String token) {
        if (token.isBlank()) {
            throw new UsageException("token of ControlAccess is empty: whoever reaches the port could steer the run");
        }
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /** Operations that may be asked for, beside status, separated by commas. */
    public void setOperations(String operations) {
        this.operations = Set.copyOf(List.of(operations.split("\\s*,\\s*")));
    }

    /** Refuses a request that a page of another site has sent, or that came by another name; all others may come. */
    public void checkSite(Exchange exchange) {
        String objection = objection(exchange.getMessage());
        if (objection != null) {
            answer(exchange, FORBIDDEN, objection);
        }
    }

    /** Refuses a request that may not ask for the status. */
    public void check(Exchange exchange) {
        checkSite(exchange);
        if (exchange.isRouteStop()) {
            return;
        }
        if (!hasToken(exchange.getMessage())) {
            answer(exchange, UNAUTHORIZED, "the header \"Authorization: Bearer TOKEN\" is missing, or not the token");
            exchange.getMessage().setHeader("WWW-Authenticate", "Bearer");
        } else {
            // none of them is for the answer
            exchange.getMessage().removeHeaders("*", OPERATION);
        }
    }

    /** Refuses a request that may not ask for the operation of its path, or that sends a form. */
    public void checkOperation(Exchange exchange) {
        String type = String.valueOf(text(exchange.getMessage(), Exchange.CONTENT_TYPE));
        check(exchange);
        if (!exchange.isRouteStop() && type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")) {
            answer(exchange, UNSUPPORTED, "a body must be JSON, by the header \"Content-Type: application/json\"");
            return;
        }
        String wanted = exchange.getMessage().getHeader(OPERATION, String.class);
        if (!exchange.isRouteStop() && !operations.contains(String.valueOf(wanted))) {
            answer(exchange, NOT_FOUND, "there are GET /status, and POST /" + String.join(", /", operations));
        }
    }

    /** Answers that the run cannot do now what it was asked for. */
    public void refused(Exchange exchange) {
        answer(exchange, CONFLICT, message(exchange));
    }

    /** Answers that the body of the request is wrong. */
    public void misunderstood(Exchange exchange) {
        answer(exchange, BAD_REQUEST, message(exchange));
    }

    private static String message(Exchange exchange) {
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        return caught == null ? "refused" : String.valueOf(caught.getMessage());
    }

    private @Nullable String objection(Message request) {
        String host = host(request);
        if (host == null || !isOwn(host)) {
            return "the header Host must be a loopback address with port " + port;
        }
        String origin = text(request, "Origin");
        return origin == null || origin.toLowerCase(Locale.ROOT).equals("http://" + host.toLowerCase(Locale.ROOT))
                ? null
                : "the header Origin is of another site";
    }

    /** HTTP/2 has no header for it, and names it in the address. */
    private static @Nullable String host(Message request) {
        String host = text(request, "Host");
        String url = text(request, Exchange.HTTP_URL);
        return host != null || url == null ? host : url.replaceFirst("^https?://([^/?#]*).*$", "$1");
    }

    private boolean isOwn(String host) {
        int colon = host.lastIndexOf(':');
        return colon > 0
                && LOOPBACK.contains(host.substring(0, colon).toLowerCase(Locale.ROOT))
                && host.substring(colon + 1).equals(Integer.toString(port));
    }

    private boolean hasToken(Message request) {
        String authorization = text(request, "Authorization");
        if (token.length == 0
                || authorization == null
                || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return false;
        }
        // takes as long for a guess that is nearly right
        return MessageDigest.isEqual(
                token, authorization.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8));
    }

    /** A header that is given once; several are joined, and mean nothing here. */
    private static @Nullable String text(Message request, String header) {
        Object value = request.getHeader(header);
        return value == null ? null : value.toString();
    }

    private static void answer(Exchange exchange, int code, String error) {
        Message answer = exchange.getMessage();
        answer.removeHeaders("*");
        answer.setHeader(Exchange.HTTP_RESPONSE_CODE, code);
        answer.setHeader(Exchange.CONTENT_TYPE, "application/json");
        answer.setBody(new JsonObject(Map.of("error", error)).toJson());
        exchange.setRouteStop(true);
    }
}
