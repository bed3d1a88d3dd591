package io.camelrump.shard;

import io.camelrump.Counts;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;

/**
 * How the run of a shard ended, as it tells the others.
 *
 * @param exitCode of its process
 * @param result in words of its summary, such as COMPLETE
 * @param target processes that had confirmed its keys by then
 */
public record ShardReport(
        Shard shard,
        int exitCode,
        String result,
        Counts counts,
        Instant startedAt,
        Instant endedAt,
        TargetProcesses target) {
    private static final String VERSION = "1";
    private static final int FIELDS = 17;
    private static final int NUMBERS_FROM = 4;
    /** Exit codes of a run that has read its share to its end: complete, different from the target, keys refused. */
    private static final Set<Integer> THROUGH = Set.of(0, 5, 6);

    private static final int SIGNAL = 128;

    /** Whether each key of the share has its outcome, so that nobody reads it again. */
    public boolean isThrough() {
        return THROUGH.contains(exitCode);
    }

    /** Whether it ended by itself: one that was stopped is expected to go on. */
    public boolean isFinal() {
        return exitCode < SIGNAL;
    }

    String encode() {
        return String.join(
                " ",
                VERSION,
                String.valueOf(exitCode),
                result.replace(' ', '_'),
                target.encode(),
                String.valueOf(startedAt.toEpochMilli()),
                String.valueOf(endedAt.toEpochMilli()),
                counts.read() + " " + counts.restored() + " " + counts.kept() + " " + counts.vanished() + " "
                        + counts.filtered() + " " + counts.deleted() + " " + counts.handedOn() + " " + counts.refused()
                        + " " + counts.bytes() + " " + counts.reread() + " " + counts.restarts());
    }

    /** @throws IllegalArgumentException if the text is no report of this version */
    static ShardReport decode(Shard shard, String text) {
        String[] fields = text.split(" ", -1);
        if (fields.length != FIELDS || !fields[0].equals(VERSION)) {
            throw new IllegalArgumentException("no report of a shard: " + text);
        }
        long[] n = Arrays.stream(fields, NUMBERS_FROM, FIELDS)
                .mapToLong(Long::parseLong)
                .toArray();
        return new ShardReport(
                shard,
                Integer.parseInt(fields[1]),
                fields[2].replace('_', ' '),
                new Counts(n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], Math.toIntExact(n[12])),
                Instant.ofEpochMilli(n[0]),
                Instant.ofEpochMilli(n[1]),
                TargetProcesses.decode(fields[3]));
    }

    /** The counts of all these together. */
    public static Counts sum(Collection<ShardReport> reports) {
        return reports.stream().map(ShardReport::counts).reduce(Counts.NONE, ShardReport::sum);
    }

    private static Counts sum(Counts one, Counts other) {
        return new Counts(
                one.read() + other.read(),
                one.restored() + other.restored(),
                one.kept() + other.kept(),
                one.vanished() + other.vanished(),
                one.filtered() + other.filtered(),
                one.deleted() + other.deleted(),
                one.handedOn() + other.handedOn(),
                one.refused() + other.refused(),
                one.bytes() + other.bytes(),
                one.reread() + other.reread(),
                one.restarts() + other.restarts());
    }
}
