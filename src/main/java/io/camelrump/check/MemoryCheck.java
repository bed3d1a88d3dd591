package io.camelrump.check;

import io.camelrump.needs.Finding;
import io.camelrump.needs.Side;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the data fits the target, and whether a server that throws keys away by itself gets in the way. */
final class MemoryCheck {
    private static final double NEARLY_FULL = 0.8;
    private static final Pattern KEYS = Pattern.compile("keys=(\\d{1,18}),.*");

    private final Side source;
    private final Side target;

    MemoryCheck(Side source, Side target) {
        this.source = source;
        this.target = target;
    }

    List<Finding> findings() throws IOException {
        return List.of(room(), targetPolicy(), sourcePolicy());
    }

    private Finding room() throws IOException {
        String name = "target memory";
        if (source.info().isHidden() || target.info().isHidden()) {
            return Finding.note(name, "not known, as a server hides it", "add the rule +info on both sides");
        }
        long data = data();
        long most = target.info().maxMemory() > 0 ? target.info().maxMemory() : target.number("total_system_memory");
        if (most == 0) {
            return Finding.note(
                    name, "no maxmemory; the data takes " + megabytes(data), "make sure that its host has as much");
        }
        long free = Math.max(0, most - target.info().usedMemory());
        String found = "the data takes " + megabytes(data) + ", of " + megabytes(most) + " there " + megabytes(free)
                + " are free";
        String toDo = "raise maxmemory to " + megabytes(target.info().usedMemory() + data) + " and some more";
        if (data <= free) {
            return Finding.yes(name, found);
        }
        return data > most || target.connection().databaseSize() <= 0
                ? Finding.no(name, found, toDo)
                : Finding.note(name, found, toDo + ", unless the run replaces most of what is there");
    }

    /** The source's data by its share of keys: no server reports what one database takes. */
    private long data() throws IOException {
        long all = 0;
        for (var field : source.info().fields().entrySet()) {
            Matcher keys = KEYS.matcher(field.getValue());
            if (field.getKey().matches("db\\d+") && keys.matches()) {
                all += Long.parseLong(keys.group(1));
            }
        }
        long bytes = source.number("used_memory_dataset");
        bytes = bytes == 0 ? source.info().usedMemory() : bytes;
        long here = source.connection().databaseSize();
        return here < 0 || all == 0 ? bytes : Math.round((double) bytes * here / Math.max(all, here));
    }

    private Finding targetPolicy() throws IOException {
        String name = "target maxmemory-policy";
        String found = target.info().evictionPolicy();
        if (target.info().isHidden()) {
            return Finding.note(name, "not known, as the target hides it", "add the rule +info");
        }
        if (!target.info().evicts()) {
            return Finding.yes(name, found + (target.info().maxMemory() == 0 ? ", no maxmemory" : ""));
        }
        String toDo = "set noeviction for the time of the run: it fails if keys are evicted";
        boolean tight = target.info().usedMemory() + data()
                > NEARLY_FULL * target.info().maxMemory();
        found += ", with maxmemory " + megabytes(target.info().maxMemory());
        return tight
                ? Finding.no(name, found + ", and the data fills it over 80 %", toDo)
                : Finding.note(name, found, toDo);
    }

    private Finding sourcePolicy() {
        String name = "source maxmemory-policy";
        String policy = source.info().evictionPolicy();
        if (source.info().isHidden()) {
            return Finding.note(name, "not known, as the source hides it", "add the rule +info");
        }
        boolean byUse = policy.contains("lru") || policy.contains("lfu");
        boolean full = source.info().usedMemory() > NEARLY_FULL * source.info().maxMemory();
        if (!source.info().evicts() || !byUse || source.info().takesNoTouch()) {
            return Finding.yes(name, policy + ": reading disturbs nothing");
        }
        return full
                ? Finding.no(
                        name,
                        policy + ", and it is over 80 % full: reading makes every key look fresh" + where(),
                        "raise its maxmemory for the time of the run, or read a replica of it")
                : Finding.note(name, policy + ": reading makes every key look fresh" + where(), "");
    }

    private String where() {
        return source.info().isCluster() ? " at a node of a cluster" : " below 7.2";
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
    }
}
