package io.camelrump.cli.flags;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Flags that {@code --help} lists under one heading. Each is a field, whose initializer describes it.
 *
 * <p>They are described to picocli by its builders: to read annotations is a fifth of the work of a short run.
 */
public abstract class FlagGroup {
    private static final String FILE = "FILE";

    private final String heading;
    private final List<Flag<?>> flags = new ArrayList<>();

    public FlagGroup(String heading) {
        this.heading = heading;
    }

    public final String heading() {
        return heading;
    }

    public final List<OptionSpec> options() {
        return flags.stream().map(Flag::option).toList();
    }

    /** Adds all of them to a command. A group of picocli's own would cost a third of the work of a call for help. */
    public final void addTo(CommandSpec command) {
        for (Flag<?> flag : flags) {
            command.addOption(flag.option());
        }
    }

    /** Adds a switch, which may be followed by true or false. */
    protected final Flag<Boolean> toggle(String name, String description) {
        return add(option(name, "true|false", description)
                .type(Boolean.class)
                .arity("0..1")
                .fallbackValue("true"));
    }

    protected final Flag<String> text(String name, String label, String description) {
        return add(option(name, label, description).type(String.class));
    }

    /** Adds a text of which its converter takes some alone. */
    protected final Flag<String> checked(
            String name, String label, ITypeConverter<String> converter, String description) {
        return add(option(name, label, description).type(String.class).converters(converter));
    }

    /** Adds a flag that may be given several times. */
    protected final Flag<List<String>> texts(String name, String label, String description) {
        return add(option(name, label, description).type(List.class).auxiliaryTypes(String.class));
    }

    protected final Flag<Path> file(String name, String description) {
        return add(option(name, FILE, description).type(Path.class));
    }

    /** Adds a file that a single letter names too. */
    protected final Flag<Path> file(String letter, String name, String description) {
        return add(OptionSpec.builder(letter, name)
                .paramLabel(FILE)
                .description(description)
                .type(Path.class));
    }

    protected final Flag<List<Path>> files(String name, String description) {
        return add(option(name, FILE, description).type(List.class).auxiliaryTypes(Path.class));
    }

    protected final Flag<Integer> number(String name, String label, String description) {
        return add(option(name, label, description).type(Integer.class));
    }

    /** Adds a whole number from 1. */
    protected final Flag<Integer> count(String name, String description) {
        return add(option(name, "N", description).type(Integer.class).converters(new CountConverter()));
    }

    protected final Flag<Size> size(String name, String description) {
        return add(option(name, "SIZE", description).type(Size.class).converters(new SizeConverter()));
    }

    protected final Flag<Span> time(String name, String description) {
        return add(option(name, "TIME", description).type(Span.class).converters(new Span.Converter()));
    }

    /** Values of a choice as people type them; made when a shell wants them. */
    private record Words(Class<? extends Enum<?>> of) implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(of.getEnumConstants())
                    .map(value -> value.name().toLowerCase(Locale.ROOT))
                    .iterator();
        }
    }

    final <E extends Enum<E>> Flag<E> choice(Class<E> of, String name, String label, String description) {
        return add(option(name, label, description).type(of).completionCandidates(new Words(of)));
    }

    protected final void help() {
        add(helpFlag());
    }

    public static OptionSpec.Builder helpFlag() {
        return OptionSpec.builder("-h", "--help")
                .type(boolean.class)
                .usageHelp(true)
                .description("Show this text.");
    }

    final void version(String description) {
        add(OptionSpec.builder("--version")
                .type(boolean.class)
                .versionHelp(true)
                .description(description));
    }

    private static OptionSpec.Builder option(String name, String label, String description) {
        return OptionSpec.builder(name).paramLabel(label).description(description);
    }

    private <T> Flag<T> add(OptionSpec.Builder option) {
        Flag<T> flag = new Flag<>(option);
        flags.add(flag);
        return flag;
    }
}
