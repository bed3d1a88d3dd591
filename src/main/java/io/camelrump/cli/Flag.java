package io.camelrump.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A flag with the value that it was given.
 *
 * @param <T> type of the value
 */
final class Flag<T> implements IGetter, ISetter {
    private final OptionSpec.Builder option;
    private @Nullable T value;
    private @Nullable T otherwise;

    /** @param option as far as it is described */
    Flag(OptionSpec.Builder option) {
        this.option = option.getter(this).setter(this);
    }

    /**
     * Adds the value that it has where it is not given: picocli sets none in a group of which no flag is given.
     *
     * @param shown as its description may name it
     */
    Flag<T> otherwise(String shown, T standard) {
        option.defaultValue(shown);
        otherwise = standard;
        return this;
    }

    OptionSpec option() {
        return option.build();
    }

    /** Null where it was not given and has no other value. */
    @Nullable
    T value() {
        return value == null ? otherwise : value;
    }

    T valueOr(T other) {
        return value == null ? other : value;
    }

    boolean isGiven() {
        return value != null;
    }

    /** Replaces the value by one that stands for it. */
    void replace(@Nullable T another) {
        value = another;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <V> V get() {
        return (V) value;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <V> V set(V given) {
        V before = (V) value;
        value = (T) given;
        return before;
    }
}
