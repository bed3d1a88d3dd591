package io.camelrump.bench;

import io.camelrump.fixtures.RedisServer;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of {@code bin/rump} as a user starts it, and what it took.
 *
 * @param seconds from the start of the process to its end
 * @param cpuSeconds of the process, in user and system
 * @param allocatedBytes of its heap, as the log of its collector tells
 * @param peakBytes most memory that it held (VmHWM), seen last a moment before its end
 * @param busiestThreadSeconds CPU of the thread that took most, but for the compiler's, seen last a moment before its
 *     end
 */
record ToolRun(
        double seconds, double cpuSeconds, double allocatedBytes, double peakBytes, double busiestThreadSeconds) {
    private static final Path RUMP = Path.of(System.getProperty("rump.bench.home", "target/rump"), "bin", "rump")
            .toAbsolutePath();
    private static final Path FOLDER = Path.of("target", "benchmark").toAbsolutePath();
    private static final Pattern COLLECTION = Pattern.compile("Pause.* (\\d+)([KM])->(\\d+)([KM])\\(");
    private static final Pattern AT_EXIT = Pattern.compile("(?:new generation|tenured generation) .* used (\\d+)K");
    private static final Pattern COMPILER = Pattern.compile("\\(C[12] Compiler");
    private static final double TICKS_PER_SECOND = 100;
    /** Not more often, as looking takes of the same processors. */
    private static final int LOOK_MILLIS = 50;

    private static final int LOOKS_BETWEEN_THREADS = 10;

    static ToolRun of(int sourcePort, int targetPort, boolean sharedClasses, String... more)
            throws IOException, InterruptedException {
        return of(List.of(), sourcePort, targetPort, sharedClasses, more);
    }

    /** A run that compares, and ends as one that found no difference. */
    static ToolRun ofComparison(int sourcePort, int targetPort) throws IOException, InterruptedException {
        return of(List.of("compare"), sourcePort, targetPort, true);
    }

    private static ToolRun of(
            List<String> subcommand, int sourcePort, int targetPort, boolean sharedClasses, String... more)
            throws IOException, InterruptedException {
        Path collector = FOLDER.resolve("gc.log");
        double cpuBefore = cpuOfChildren();
        long begin = System.nanoTime();
        Process process = start(
                subcommand,
                sourcePort,
                targetPort,
                (sharedClasses ? "" : "-Xshare:off ") + "-Xlog:gc,gc+heap+exit:file=" + collector,
                more);
        double peak = 0;
        double thread = 0;
        for (int look = 0; !process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS); look++) {
            peak = Math.max(peak, peakBytes(process.pid()));
            if (look % LOOKS_BETWEEN_THREADS == 0) {
                thread = Math.max(thread, busiestThread(process.pid()));
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (process.exitValue() != 0) {
            throw new IOException("rump ended with " + process.exitValue());
        }
        return new ToolRun(seconds, cpuOfChildren() - cpuBefore, allocated(Files.readString(collector)), peak, thread);
    }

    /** Starts it with more options for its Java. */
    static Process start(List<String> subcommand, int sourcePort, int targetPort, String javaOptions, String... more)
            throws IOException {
        Files.createDirectories(FOLDER);
        List<String> command = new ArrayList<>(List.of(RUMP.toString()));
        command.addAll(subcommand);
        command.addAll(List.of(
                "-silent",
                "--from",
                "redis://" + RedisServer.HOST + ":" + sourcePort,
                "--to",
                "redis://" + RedisServer.HOST + ":" + targetPort));
        command.addAll(List.of(more));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(FOLDER.toFile()).inheritIO();
        builder.environment().put("RUMP_JAVA_OPTS", javaOptions + System.getProperty("rump.bench.java.opts", ""));
        return builder.start();
    }

    /** CPU of a process that still runs. */
    static double cpuSeconds(Process process) throws IOException {
        return seconds(Files.readString(Path.of("/proc/" + process.pid() + "/stat")), 11);
    }

    /** The system adds up what ended children took; the servers still run, so this is the tool alone. */
    private static double cpuOfChildren() throws IOException {
        return seconds(Files.readString(Path.of("/proc/self/stat")), 13);
    }

    /** User and system time, which stand beside each other; the first field counted is the one behind the name. */
    private static double seconds(String stat, int field) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[field]) + Long.parseLong(fields[field + 1])) / TICKS_PER_SECOND;
    }

    private static double busiestThread(long pid) {
        double most = 0;
        try (var threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                if (!COMPILER.matcher(stat).find()) {
                    most = Math.max(most, seconds(stat, 11));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // a thread, or the process, has ended meanwhile
        }
        return most;
    }

    private static double peakBytes(long pid) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException | java.io.UncheckedIOException e) {
            // it has ended meanwhile
            return 0;
        }
    }

    /** What each collection found more than the one before it left, and what was there at the end. */
    private static double allocated(String log) {
        double sum = 0;
        double left = 0;
        Matcher collection = COLLECTION.matcher(log);
        while (collection.find()) {
            sum += bytes(collection.group(1), collection.group(2)) - left;
            left = bytes(collection.group(3), collection.group(4));
        }
        double atExit = 0;
        Matcher exit = AT_EXIT.matcher(log);
        while (exit.find()) {
            atExit += bytes(exit.group(1), "K");
        }
        return sum + Math.max(0, atExit - left);
    }

    private static double bytes(String number, String unit) {
        return Double.parseDouble(number) * (unit.toUpperCase(Locale.ROOT).equals("M") ? 1 << 20 : 1 << 10);
    }
}
