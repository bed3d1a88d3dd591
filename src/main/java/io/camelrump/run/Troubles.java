package io.camelrump.run;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Failures that are tried again, while a run waits for them to end. Any thread may call. */
public final class Troubles {
    private final Map<Object, String> lasting = new ConcurrentHashMap<>();

    /**
     * Something fails; a failure that was known already is the same trouble.
     *
     * @param who is known by its own object
     * @param what one sentence for a person, without a secret
     */
    public void lasts(Object who, String what) {
        lasting.put(who, what);
    }

    /** A try has succeeded. */
    public void ended(Object who) {
        lasting.remove(who);
    }

    /** In words, sorted; none where nothing fails. */
    public List<String> words() {
        return lasting.values().stream().sorted().distinct().toList();
    }

    void clear() {
        lasting.clear();
    }
}
