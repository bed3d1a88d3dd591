package io.camelrump.cli.process;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * SIGHUP, SIGINT and SIGTERM, and SIGUSR1 for the cutover of a live run. The first one of the three asks the run to
 * stop; a second one ends the process at once, and with it the servers that a demo started. The signals of a closing
 * terminal count as one.
 */
public final class StopSignals {
    /** A closing terminal sends SIGHUP, its shell one more, and a session manager SIGTERM beside it, all at once. */
    private static final long ONE_EVENT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final AtomicReference<@Nullable ExitCode> received = new AtomicReference<>();
    private volatile long receivedAt;
    private final CountDownLatch latch = new CountDownLatch(1);
    private final LastWords lastWords = new LastWords();
    /** Traces that would be left where the process ends at once. */
    private final List<Runnable> cleanings = new CopyOnWriteArrayList<>();

    private volatile Runnable reaction = () -> {};
    private volatile Runnable cutover =
            () -> System.err.println("rump: nothing to cut over: this run copies once, or has not begun");

    /** Takes over the signals of this process. */
    public static StopSignals install() {
        StopSignals signals = new StopSignals();
        // first of all: these two end a process that does not handle them
        handle("USR1", name -> signals.cutover.run());
        handle("USR2", name -> System.err.println("rump: SIGUSR2 does nothing; SIGUSR1 cuts a live run over"));
        for (ExitCode code : new ExitCode[] {ExitCode.SIGHUP, ExitCode.SIGINT, ExitCode.SIGTERM}) {
            handle(code.name().substring("SIG".length()), name -> signals.receive(code));
        }
        return signals;
    }

    /** Signals that never come. */
    public static StopSignals none() {
        return new StopSignals();
    }

    /** The first signal that came; null if none did. */
    @Nullable
    public ExitCode received() {
        return received.get();
    }

    /**
     * Runs {@code reaction} at the first signal, on the signal's own thread; at once if it has come already.
     *
     * @return what would have been run before
     */
    public Runnable onFirst(Runnable reaction) {
        Runnable before = this.reaction;
        this.reaction = reaction;
        if (received.get() != null) {
            reaction.run();
        }
        return before;
    }

    /** Runs {@code action} at each SIGUSR1, on the signal's own thread. */
    public void onCutover(Runnable action) {
        cutover = action;
    }

    /** Waits up to {@code millis} for the first signal; whether it came. */
    public boolean await(long millis) throws InterruptedException {
        return latch.await(millis, TimeUnit.MILLISECONDS);
    }

    private void receive(ExitCode code) {
        if (received.compareAndSet(null, code)) {
            receivedAt = System.nanoTime();
            latch.countDown();
            reaction.run();
        } else if (!isOfOneEvent(code)) {
            endProcess(code);
        }
    }

    private boolean isOfOneEvent(ExitCode code) {
        boolean terminal = code == ExitCode.SIGHUP || received.get() == ExitCode.SIGHUP;
        return terminal && System.nanoTime() - receivedAt < ONE_EVENT_NANOS;
    }

    /** Who says how the call ended. */
    public LastWords lastWords() {
        return lastWords;
    }

    /** Ends the call by this signal, with these last words, unless it ends already. */
    public void end(ExitCode code, Runnable words) {
        lastWords.interrupt(() -> {
            words.run();
            endProcess(code);
        });
    }

    /** Runs {@code cleaning}, which must be quick, before a signal ends the process at once. */
    public void beforeHalt(Runnable cleaning) {
        cleanings.add(cleaning);
    }

    /** Ends this process at once, and those that it has started. */
    private void endProcess(ExitCode code) {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        cleanings.forEach(Runnable::run);
        Runtime.getRuntime().halt(code.number());
    }

    /**
     * Binds {@code action} to a signal. By reflection, because javac warns of every mention of sun.misc.Signal and has
     * no switch to silence that; the class itself is exported by jdk.unsupported in every JDK.
     */
    public static void handle(String signal, Consumer<String> action) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            InvocationHandler calls = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.accept(signal);
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "handler of " + signal;
            };
            Object handler =
                    Proxy.newProxyInstance(StopSignals.class.getClassLoader(), new Class<?>[] {handlerType}, calls);
            type.getMethod("handle", type, handlerType)
                    .invoke(null, type.getConstructor(String.class).newInstance(signal), handler);
        } catch (ReflectiveOperationException e) {
            // a platform without this signal, or a JVM that keeps it (-Xrs): it then does what it always did
        }
    }
}
