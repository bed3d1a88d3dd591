package io.camelrump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camelrump.TurningCheckpoint;
import io.camelrump.TurningCheckpoint.Clients;
import io.camelrump.fixtures.AcknowledgedWriter;
import io.camelrump.fixtures.FaultRun;
import io.camelrump.fixtures.LiveWriter;
import io.camelrump.fixtures.RedisServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/** A migration with a way back, by the command in a process of its own, and a service that moves with it. */
final class RoundTrip implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOKEN = "0123456789abcdef";

    private final RedisServer former;
    private final RedisServer fresh;
    private final Path folder;
    private final String pause;
    private final String url;
    private final AtomicReference<RedisServer> serving;
    private RumpProcess run;

    /**
     * @param folder for the checkpoint
     * @param pause how long writers are held up at most
     */
    RoundTrip(RedisServer former, RedisServer fresh, Path folder, String pause) throws IOException {
        this.pause = pause;
        this.former = former;
        this.fresh = fresh;
        this.folder = folder;
        this.serving = new AtomicReference<>(former);
        try (ServerSocket free = new ServerSocket(0)) {
            url = "http://127.0.0.1:" + free.getLocalPort();
        }
    }

    RedisServer former() {
        return former;
    }

    RedisServer fresh() {
        return fresh;
    }

    RumpProcess run() {
        return run;
    }

    Path checkpoint() {
        return folder.resolve("checkpoint");
    }

    /** Starts the command; a process of before has ended. */
    RumpProcess start(String... more) {
        if (run != null) {
            run.close();
        }
        String[] all = Stream.concat(
                        Stream.of(
                                "--live",
                                "--way-back",
                                "--pause-writes=" + pause,
                                "--fail-waiting-writes",
                                "--latency-guard=off",
                                "--checkpoint=" + checkpoint(),
                                "--json=" + folder.resolve("run.json"),
                                "--control-port=" + url.substring(url.lastIndexOf(':') + 1)),
                        Stream.of(more))
                .toArray(String[]::new);
        run = launched(all);
        return run;
    }

    private RumpProcess launched(String[] flags) {
        return RumpProcess.launched(
                folder,
                Map.of(
                        "RUMP_FROM",
                        RumpProcess.uri(former),
                        "RUMP_TO",
                        RumpProcess.uri(fresh),
                        ControlToken.VARIABLE,
                        TOKEN),
                flags);
    }

    void kill() throws IOException, InterruptedException {
        run.signalIfRunning("KILL");
        run.exitCode();
    }

    /** Kills the process, and goes on with it. */
    void resume() throws IOException, InterruptedException {
        kill();
        start("--resume");
    }

    /** How often a process has said that both sides are equal. */
    private int convergences() {
        return run.err().split("Converged\\. ", -1).length - 1;
    }

    /**
     * Asks for a cutover, kills the process within it, and goes on. A service that could hear of the convergence has
     * been switched, and another one has not.
     *
     * @param there the server that it is being led to
     * @return whether it was switched
     */
    boolean killInCutover(
            String operation, AcknowledgedWriter acknowledged, RedisServer there, long afterMillis, String... flags)
            throws IOException, InterruptedException {
        int before = convergences();
        askUntilDone(operation, flags);
        run.awaitOutput("Cutting over, as a person");
        // an instant of the seed's choice, whatever the cutover does by then
        await().pollDelay(Duration.ofMillis(afterMillis)).until(() -> true);
        kill();
        boolean said = convergences() > before;
        if (said) {
            move(acknowledged, there);
        }
        if (!Files.exists(checkpoint())) {
            assertThat(said && there == former).isTrue();
            return true;
        }
        if (TurningCheckpoint.clients(Files.readString(checkpoint())) == Clients.MOVING) {
            start("--resume", "--clients-at=" + (serving.get() == fresh ? "to" : "from"));
        } else {
            start("--resume");
        }
        return said;
    }

    private void move(AcknowledgedWriter acknowledged, RedisServer there) {
        RedisServer left = serving.getAndSet(there);
        acknowledged.moveTo(there);
        closeConnections(left);
    }

    /** Ends the service where it is: what waits in a pause never happens. */
    void end(LiveWriter service, AcknowledgedWriter acknowledged) throws InterruptedException {
        service.stop();
        acknowledged.close();
        closeConnections(serving.get());
    }

    /** Those that wait in a pause would go on to write when it is over. */
    private static void closeConnections(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            jedis.clientKill(
                    ClientKillParams.clientKillParams().type(ClientType.NORMAL).skipMe(ClientKillParams.SkipMe.YES));
        }
    }

    CommandRun ask(String operation, String... flags) {
        String[] all = Stream.concat(Stream.of(operation, "--control=" + url), Stream.of(flags))
                .toArray(String[]::new);
        return CommandRun.with(Map.of(ControlToken.VARIABLE, TOKEN), all);
    }

    /** Asks again and again until the run does it. */
    void askUntilDone(String operation, String... flags) {
        await(operation).atMost(PATIENCE).failFast(() -> run.hasEnded()).untilAsserted(() -> {
            CommandRun asked = ask(operation, flags);
            assertThat(asked.exitCode()).as(asked.err()).isZero();
        });
    }

    /** Leads to the new server, with the service. */
    void cutOver(AcknowledgedWriter acknowledged) {
        run.awaitOutput("First copy complete, following");
        askUntilDone("cutover");
        run.awaitOutput("Converged. ");
        move(acknowledged, fresh);
        run.awaitOutput("The way back begins: ");
    }

    /** A service that writes to the server which serves now. */
    LiveWriter service(long seed) {
        return LiveWriter.start(serving::get, 200, seed);
    }

    /** But for temporary keys, which a killed process leaves for up to an hour. */
    void assertEqual() {
        for (RedisServer server : List.of(former, fresh)) {
            try (Jedis jedis = server.jedis()) {
                jedis.keys("rump:tmp:*").forEach(jedis::del);
            }
        }
        FaultRun.assertEqual(former, fresh);
    }

    static void awaitMore(AcknowledgedWriter acknowledged, long more) {
        long until = acknowledged.written() + more;
        await("writes go on").atMost(PATIENCE).until(() -> acknowledged.written() >= until);
    }

    void assertNothingMissing(AcknowledgedWriter acknowledged, List<RedisServer> servers) {
        for (RedisServer server : servers) {
            assertThat(acknowledged.missingAt(server)).as("at " + server.port()).isZero();
        }
    }

    @Override
    public void close() {
        if (run != null) {
            run.close();
        }
    }
}
