package io.camelrump.cli.flags;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A flag with the value that it was given.
 *
 * @param <T> type of the value
 */
public final class Flag<T> implements IGetter, ISetter {
    private final OptionSpec.Builder builder;
    private @Nullable OptionSpec option;
    private @Nullable T value;
    private @Nullable T otherwise;

    /** @param option as far as it is described */
    Flag(OptionSpec.Builder option) {
        builder = option.getter(this).setter(this);
    }

    /**
     * Adds the value that it has where it is not given.
     *
     * @param shown how the description, which ends with it, spells that value
     */
    public Flag<T> otherwise(String shown, T standard) {
        builder.description(builder.description()[0] + " Default: " + shown + ".");
        otherwise = standard;
        return this;
    }

    /** Its description to picocli, which is made at the first call. */
    OptionSpec option() {
        if (option == null) {
            option = builder.build();
        }
        return option;
    }

    /** Null where it was not given and has no other value. */
    @Nullable
    public T value() {
        return value == null ? otherwise : value;
    }

    public T valueOr(T other) {
        return value == null ? other : value;
    }

    public boolean isGiven() {
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
