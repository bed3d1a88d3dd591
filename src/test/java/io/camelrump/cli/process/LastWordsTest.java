package io.camelrump.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LastWordsTest {
    private final LastWords words = new LastWords();
    private final List<String> spoken = new CopyOnWriteArrayList<>();
    private final CountDownLatch written = new CountDownLatch(1);

    @Test
    void aSignalWaitsForTheFileThatIsWritten() {
        CompletableFuture<Boolean> writing = CompletableFuture.supplyAsync(() -> words.whole(() -> write("file")));
        await().until(() -> spoken.contains("begun"));
        Thread signal = start(() -> words.interrupt(() -> spoken.add("signal")));
        await().until(() -> signal.getState() == Thread.State.TIMED_WAITING);

        assertThat(spoken).containsExactly("begun");
        written.countDown();

        await().until(() -> spoken.contains("signal"));
        assertThat(spoken).containsExactly("begun", "file", "signal");
        assertThat(writing.join()).isTrue();
    }

    @Test
    void aSignalHasNoWordsWhileTheCallEndsByItself() {
        CompletableFuture<Boolean> end = CompletableFuture.supplyAsync(() -> words.speak(() -> write("summary")));
        await().until(() -> spoken.contains("begun"));
        Thread signal = start(() -> words.interrupt(() -> spoken.add("signal")));
        await().until(() -> signal.getState() == Thread.State.TIMED_WAITING);
        written.countDown();

        assertThat(end.join()).isTrue();
        await().until(() -> !signal.isAlive());
        assertThat(spoken).containsExactly("begun", "summary");
    }

    @Test
    void theCallHasNoWordsWhileASignalEndsIt() {
        Thread signal = start(() -> words.interrupt(() -> write("signal")));
        await().until(() -> spoken.contains("begun"));
        Thread main = start(() -> words.speak(() -> spoken.add("summary")));
        Thread secondSignal = start(() -> words.interrupt(() -> spoken.add("again")));
        await().until(() ->
                main.getState() == Thread.State.WAITING && secondSignal.getState() == Thread.State.TIMED_WAITING);

        assertThat(spoken).containsExactly("begun");
        written.countDown();

        await().until(() -> !signal.isAlive() && !secondSignal.isAlive());
        assertThat(spoken).doesNotContain("again");
    }

    @Test
    void aWriteThatHangsDoesNotHoldASignalUp() {
        CompletableFuture<Boolean> hanging = CompletableFuture.supplyAsync(() -> words.whole(() -> write("file")));
        await().until(() -> spoken.contains("begun"));
        words.patience(Duration.ofMillis(200));

        words.interrupt(() -> spoken.add("signal"));

        assertThat(spoken).containsExactly("begun", "signal");
        written.countDown();
        assertThat(hanging.join()).isTrue();
    }

    private boolean write(String what) {
        spoken.add("begun");
        try {
            boolean inTime = written.await(30, TimeUnit.SECONDS);
            spoken.add(what);
            return inTime;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Thread start(Runnable action) {
        Thread thread = new Thread(action);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
