package io.camelrump.bench;

import io.camelrump.RedisServer;
import java.io.IOException;
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
 */
record ToolRun(double seconds, double cpuSeconds, double allocatedBytes, double peakBytes) {
    private static final Path RUMP = Path.of("target", "rump", "bin", "rump").toAbsolutePath();
    private static final Path FOLDER = Path.of("target", "benchmark").toAbsolutePath();
    private static final Pattern COLLECTION = Pattern.compile("Pause.* (\\d+)([KM])->(\\d+)([KM])\\(");
    private static final Pattern AT_EXIT = Pattern.compile("(?:new generation|tenured generation) .* used (\\d+)K");
    private static final double TICKS_PER_SECOND = 100;
    private static final int LOOK_MILLIS = 20;

    static ToolRun of(int sourcePort, int targetPort, boolean sharedClasses, String... more)
            throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        Path collector = FOLDER.resolve("gc.log");
        List<String> command = new ArrayList<>(List.of(
                RUMP.toString(),
                "-silent",
                "--from",
                "redis://" + RedisServer.HOST + ":" + sourcePort,
                "--to",
                "redis://" + RedisServer.HOST + ":" + targetPort));
        command.addAll(List.of(more));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(FOLDER.toFile()).inheritIO();
        builder.environment()
                .put(
                        "RUMP_JAVA_OPTS",
                        (sharedClasses ? "" : "-Xshare:off ") + "-Xlog:gc,gc+heap+exit:file=" + collector
                                + System.getProperty("rump.bench.java.opts", ""));
        double cpuBefore = cpuOfChildren();
        long begin = System.nanoTime();
        Process process = builder.start();
        double peak = 0;
        while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            peak = Math.max(peak, peakBytes(process.pid()));
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (process.exitValue() != 0) {
            throw new IOException("rump ended with " + process.exitValue());
        }
        return new ToolRun(seconds, cpuOfChildren() - cpuBefore, allocated(Files.readString(collector)), peak);
    }

    /** The system adds up what ended children took; the servers still run, so this is the tool alone. */
    private static double cpuOfChildren() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) / TICKS_PER_SECOND;
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
