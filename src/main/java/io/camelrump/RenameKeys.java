package io.camelrump;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Gives keys another name on their way: another prefix, or what a regular expression makes of them.
 *
 * <p>Two keys that get the same name overwrite each other at the target.
 */
public final class RenameKeys implements Processor {
    private byte[] fromPrefix = new byte[0];
    private byte[] toPrefix = new byte[0];
    private @Nullable Pattern regex;
    private String replacement = "";

    /** Only keys that start with this get the new prefix; every key does if it is not set. */
    public void setFromPrefix(String prefix) {
        fromPrefix = prefix.getBytes(StandardCharsets.UTF_8);
    }

    /** What stands in place of the old prefix. */
    public void setToPrefix(String prefix) {
        toPrefix = prefix.getBytes(StandardCharsets.UTF_8);
    }

    /** Keys that match as a whole are renamed to the replacement; keys are read as UTF-8, others than that stay as they are. */
    public void setRegex(String regex) {
        this.regex = Pattern.compile(regex);
    }

    /** The new name; {@code $1} is the first group of the regular expression. */
    public void setReplacement(String replacement) {
        this.replacement = replacement;
    }

    @Override
    public void process(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof Page page) {
            exchange.getMessage().setBody(rename(page));
        } else if (body instanceof Batch batch) {
            List<Page> renamed = new ArrayList<>();
            batch.pages().forEach(page -> renamed.add(rename(page)));
            exchange.getMessage().setBody(new Batch(renamed));
        } else {
            throw new IllegalArgumentException("RenameKeys takes a page or a batch as body");
        }
    }

    private Page rename(Page page) {
        byte[][] names = new byte[page.size()][];
        for (int i = 0; i < names.length; i++) {
            names[i] = rename(page.key(i));
        }
        return page.withKeys(KeyList.of(names));
    }

    private byte[] rename(byte[] key) {
        byte[] name = key;
        int prefix = fromPrefix.length;
        boolean hasPrefix = key.length >= prefix && Arrays.equals(key, 0, prefix, fromPrefix, 0, prefix);
        if (hasPrefix && prefix + toPrefix.length > 0) {
            name = Arrays.copyOf(toPrefix, toPrefix.length + key.length - prefix);
            System.arraycopy(key, prefix, name, toPrefix.length, key.length - prefix);
        }
        if (regex != null) {
            String text = new String(name, StandardCharsets.UTF_8);
            boolean isText = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), name);
            var matcher = regex.matcher(text);
            if (isText && matcher.matches()) {
                return matcher.replaceFirst(replacement).getBytes(StandardCharsets.UTF_8);
            }
        }
        return name;
    }
}
