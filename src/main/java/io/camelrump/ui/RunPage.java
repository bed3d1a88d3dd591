package io.camelrump.ui;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * Answers with a file of the page that shows a run. None holds anything of the run, so everybody may have them; a
 * browser lets the page load nothing from elsewhere, and run no script but these.
 */
public final class RunPage {
    private static final String FILE = "file";
    private static final String PAGE = "index.html";
    /** No path leads out of the folder, and none to its classes. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z]+(?:\\.[a-z]+)*\\.(html|css|js|svg)");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private static final Map<String, String> PROTECTION = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin");

    private static final int NOT_FOUND = 404;

    /** Makes the file that the header {@code file} names the answer; without that header the page. */
    public void answer(Exchange exchange) throws IOException {
        Message message = exchange.getMessage();
        String name = message.getHeader(FILE, PAGE, String.class);
        message.removeHeaders("*");
        message.getHeaders().putAll(PROTECTION);
        var named = NAME.matcher(name);
        try (InputStream file = named.matches() ? RunPage.class.getResourceAsStream(name) : null) {
            if (file == null) {
                message.setHeader(Exchange.HTTP_RESPONSE_CODE, NOT_FOUND);
                message.setHeader(Exchange.CONTENT_TYPE, "text/plain");
                message.setBody("The page has no such file.");
            } else {
                message.setHeader(Exchange.CONTENT_TYPE, TYPES.get(named.group(1)));
                message.setBody(file.readAllBytes());
            }
        }
    }
}
