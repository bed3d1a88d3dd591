package io.camelrump.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.camelrump.redis.ServerInfo;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerWorkTest {
    private static final long KEYS = 10_000;

    private final CommandCosts costs = new CommandCosts();
    private final ServerWork work = new ServerWork(costs);

    @Test
    void aKeyCostsWhatItsCommandsTakeAndWhatTheServerDoesAroundThem() {
        // two commands a key: 3 us within them, 500 ns around each
        assertThat(costOfAKey(0, KEYS * 4_000.0)).isEqualTo(4_000);
    }

    @Test
    void moreThanAServerDoesAroundACommandIsNoCostOfAKey() {
        assertThat(costOfAKey(0, KEYS * 100_000.0)).isEqualTo(4_300);
    }

    @Test
    void commandsOfOtherClientsAreNoCostOfAKey() {
        int foreign = 2_000;

        assertThat(costOfAKey(0, KEYS * 4_000.0 + foreign * 26_000.0, foreign)).isEqualTo(4_000);
    }

    @Test
    void toSendALargePayloadIsACostOfItsKey() {
        int bytes = 50_000;
        work.learn(statistics(0, 0), 0);
        costs.read(KEYS, KEYS * bytes);

        // 3 us within two commands, 20 us to write the payload
        work.learn(statistics(KEYS, 0), KEYS * 23_000.0);

        assertThat(costs.key(bytes)).isEqualTo(23_000);
    }

    @Test
    void aServerThatHidesItsTimeIsTakenToDoLittleAroundACommand() {
        double hidden = ServerWork.cpuNanos(ServerInfo.HIDDEN);

        assertThat(costOfAKey(hidden, hidden)).isEqualTo(3_500);
    }

    @Test
    void timeIsThatOfTheMainThreadWhereItIsReported() {
        Map<String, String> ofProcess = Map.of("used_cpu_sys", "1.5", "used_cpu_user", "2.25");
        Map<String, String> ofThread = new HashMap<>(ofProcess);
        ofThread.put("used_cpu_sys_main_thread", "0.5");
        ofThread.put("used_cpu_user_main_thread", "1.5");

        assertThat(ServerWork.cpuNanos(new ServerInfo(ofProcess))).isEqualTo(3_750_000_000.0);
        assertThat(ServerWork.cpuNanos(new ServerInfo(ofThread))).isEqualTo(2_000_000_000.0);
    }

    /** As learnt from two looks, between which the server took this CPU time. */
    private long costOfAKey(double cpuNanosBefore, double cpuNanosAfter) {
        return costOfAKey(cpuNanosBefore, cpuNanosAfter, 0);
    }

    /** The same while other clients sent so many commands of a microsecond. */
    private long costOfAKey(double cpuNanosBefore, double cpuNanosAfter, long foreign) {
        work.learn(statistics(0, 0), cpuNanosBefore);
        costs.read(KEYS, 0);
        work.learn(statistics(KEYS, foreign), cpuNanosAfter);
        return costs.key(0);
    }

    private static CommandStatistics statistics(long keys, long foreign) {
        return new CommandStatistics(
                Map.of("dump", 1 + keys, "pttl", 1 + keys, "get", foreign),
                Map.of("dump", 1 + 2 * keys, "pttl", 1 + keys, "get", foreign));
    }
}
