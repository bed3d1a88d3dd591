package io.camelrump.redis;

import org.jspecify.annotations.Nullable;

/** User or password that is known from the start. */
record FixedCredential(@Nullable String text) implements Credential {

    @Override
    public @Nullable String current(String server) {
        return text;
    }

    @Override
    public boolean mayChange() {
        return false;
    }

    @Override
    public String toString() {
        return "***";
    }
}
