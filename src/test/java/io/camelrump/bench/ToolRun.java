package io.camelrump.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * What one call of the command took.
 *
 * @param seconds from the start of the process to its end
 * @param cpuSeconds of the process, in user and system
 * @param peakBytes most memory that it held (VmHWM), seen last a moment before its end
 * @param busiestThreadSeconds CPU of the thread that took most, but for the compiler's, seen last a moment before its
 *     end
 */
record ToolRun(double seconds, double cpuSeconds, double peakBytes, double busiestThreadSeconds) {
    private static final Pattern COMPILER = Pattern.compile("\\(C[12] Compiler");
    private static final double TICKS_PER_SECOND = 100;
    /** Not more often, as looking takes of the same processors. */
    private static final int LOOK_MILLIS = 50;

    private static final int LOOKS_BETWEEN_THREADS = 10;

    /** Starts a process. */
    interface Start {
        Process process() throws IOException;
    }

    /** Waits for the process; no other child may end meanwhile. */
    static ToolRun of(Start start) throws IOException, InterruptedException {
        double cpuBefore = cpuOfChildren();
        long begin = System.nanoTime();
        Process process = start.process();
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
        return new ToolRun(seconds, cpuOfChildren() - cpuBefore, peak, thread);
    }

    /** CPU of a process that still runs. */
    static double cpuSeconds(Process process) throws IOException {
        return cpuSeconds(process.pid());
    }

    static double cpuSeconds(long pid) throws IOException {
        return seconds(Files.readString(Path.of("/proc/" + pid + "/stat")), 11);
    }

    /** The system adds up what ended children took; the servers still run, so this is the tool alone. */
    static double cpuOfChildren() throws IOException {
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
        } catch (IOException | UncheckedIOException e) {
            // it has ended meanwhile
            return 0;
        }
    }
}
