package io.camelrump.ui;

import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.Message;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * Sends a page lines about runs, one at once, then one each second, or sooner if a run enters another phase. It ends
 * when the runs or the application do, with a line that says so.
 *
 * <p>By the server itself: of a stream that is the body of a message it sends nothing before it has 16 kB. Loaded only
 * where Camel has that server.
 */
final class VertxAnswer {
    /** Class of the messages that it answers. */
    static final String MESSAGE = "org.apache.camel.component.platform.http.vertx.HttpMessage";

    /** The page then asks again. A thread of the server, which takes it for stuck after a minute, waits meanwhile. */
    private static final long LIFE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final HttpServerResponse response;
    private final RunView view;

    VertxAnswer(Message message, RunView view) {
        this.response = ((HttpMessage) message).getResponse();
        this.view = view;
    }

    /** Sends them until the end, or until the page is gone. */
    void send() throws Exception {
        long until = System.nanoTime() + LIFE_NANOS;
        response.setChunked(true);
        response.putHeader("Content-Type", RunStream.TYPE);
        response.putHeader("Cache-Control", "no-store");
        boolean last = false;
        while (!last && !response.closed()) {
            List<String> course = view.course();
            String line = view.line();
            // a page that does not read, such as that of a laptop asleep, is not waited for
            if (!response.writeQueueFull()) {
                response.write(line);
            }
            last = view.isOver() || view.isEnding() || System.nanoTime() - until > 0 || Thread.interrupted();
            if (!last) {
                awaitNext(course);
            }
        }
        response.end();
    }

    private void awaitNext(List<String> course) {
        long due = System.nanoTime() + PERIOD_NANOS;
        while (System.nanoTime() - due < 0
                && !view.isEnding()
                && !response.closed()
                && !Thread.currentThread().isInterrupted()
                && view.course().equals(course)) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
