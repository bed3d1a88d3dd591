package io.camelrump;

import io.camelrump.keys.Glob;
import io.camelrump.keys.KeyPattern;
import io.camelrump.options.OptionText;
import io.camelrump.redis.RedisException;
import io.camelrump.run.KeyRemoval;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.Receipt;
import io.camelrump.text.OptionLines;
import io.camelrump.values.KeyPart;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the keys that match all its properties, and takes the others out of the page; they count as filtered. In a live
 * run those of other types or sizes go on without their value, so that the target deletes what it has of them from the
 * run.
 *
 * <p>It sees payloads, so every key has been read already: where SCAN can do it, the consumer's {@code match} and
 * {@code type} cost the source less.
 */
public final class KeepKeys implements Processor, CamelContextAware {
    private @Nullable Glob include;
    private @Nullable Glob exclude;
    private @Nullable KeyPattern regex;
    private Set<RedisType> types = EnumSet.allOf(RedisType.class);
    private @Nullable String target;
    private @Nullable String keepIf;
    private @Nullable Predicate condition;
    private @Nullable CamelContext context;
    private long minBytes;
    private long maxBytes = Long.MAX_VALUE;

    /** Keeps only keys that match this glob, such as {@code user:*}. */
    public void setInclude(String glob) {
        include = new Glob(OptionLines.required("include", glob));
    }

    /** Takes out keys that match this glob. */
    public void setExclude(String glob) {
        exclude = new Glob(OptionLines.required("exclude", glob));
    }

    /**
     * Keeps only keys that match this regular expression as a whole; keys are read as UTF-8.
     *
     * @throws UsageException if it is none
     */
    public void setRegex(String regex) {
        this.regex = KeyPattern.of("regex", regex, 0);
    }

    /**
     * Keeps only keys of these types, separated by commas: string, list, set, zset, hash, stream, module.
     *
     * @throws UsageException if one of them is another word
     */
    public void setTypes(String names) {
        Set<RedisType> chosen = EnumSet.noneOf(RedisType.class);
        for (String name : names.split(",")) {
            try {
                chosen.add(RedisType.valueOf(name.trim().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw new UsageException(
                        "types=" + names + ": '" + name.trim()
                                + "' is none of string, list, set, zset, hash, stream, module",
                        e);
            }
        }
        types = chosen;
    }

    /**
     * Keeps only keys whose payload has at least this size, from 1 byte on, such as {@code 10kb}.
     *
     * @throws UsageException if it is no size, or 0
     */
    public void setMinSize(String size) {
        minBytes = OptionText.bytes("minSize", size, minBytes);
    }

    /**
     * Keeps only keys whose payload has at most this size, from 1 byte on, such as {@code 1mb}.
     *
     * @throws UsageException if it is no size, or 0
     */
    public void setMaxSize(String size) {
        maxBytes = OptionText.bytes("maxSize", size, maxBytes);
    }

    /**
     * Keeps only keys for which this expression of the Simple language is true; its body is the {@link DumpedKey}, as
     * in {@code ${body.type} == 'hash' && ${body.size} < 1000}. Keys that are gone are not asked for.
     */
    public void setKeepIf(String expression) {
        keepIf = OptionLines.required("keepIf", expression);
        prepareCondition();
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        context = camelContext;
        prepareCondition();
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }

    /** Compiled when the route is built, so that an expression that is none fails the start. */
    private void prepareCondition() {
        if (context != null && keepIf != null) {
            condition = context.resolveLanguage("simple").createPredicate(keepIf);
            condition.init(context);
        }
    }

    /**
     * Where the consumer has several {@code targets}: the name of the target whose branch this filter stands in, or
     * {@code all} if it stands before the branches. Keys that are taken out of one branch are still due at the others.
     */
    public void setTarget(String name) {
        target = name;
    }

    @Override
    public void process(Exchange exchange) {
        if (keepIf != null && condition == null) {
            setCamelContext(exchange.getContext());
        }
        Object body = exchange.getMessage().getBody();
        try {
            Bodies.replace(exchange, "KeepKeys", page -> keep(page, exchange));
        } catch (RuntimeException e) {
            exchange.getMessage().setBody(body);
            throw e;
        }
    }

    private PageData keep(PageData page, Exchange exchange) {
        boolean[] dropped = new boolean[page.size()];
        BitSet leftOut = new BitSet();
        boolean followed = KeyRemoval.isFollowed(page);
        Receipt receipt = page.receipt();
        try {
            for (int i = 0; i < dropped.length; i++) {
                dropped[i] = !keepsName(page.key(i));
                if (!dropped[i] && !page.isGone(i) && !(keepsValue(page, i) && isTrue(page, i, exchange))) {
                    dropped[i] = !followed;
                    leftOut.set(i, followed);
                }
            }
        } catch (RedisException e) {
            if (receipt != null) {
                receipt.run().fail(e.getMessage());
            }
            throw e;
        }
        return new KeyRemoval("KeepKeys", target).from(page, dropped, leftOut);
    }

    private boolean keepsName(byte[] key) {
        return (include == null || include.matches(key))
                && (exclude == null || !exclude.matches(key))
                && (regex == null || regex.matches(new String(key, StandardCharsets.UTF_8)));
    }

    private boolean isTrue(PageData page, int i, Exchange exchange) {
        if (condition == null) {
            return true;
        }
        DumpedKey key = new DumpedKey(page, i);
        try {
            exchange.getMessage().setBody(key);
            return condition.matches(exchange);
        } catch (RuntimeException e) {
            throw RedisException.permanentError("keepIf=" + keepIf + " cannot be evaluated for the key "
                    + Refusal.quote(key.key()) + ": " + e.getMessage());
        }
    }

    private boolean keepsValue(PageData page, int i) {
        long length = page.payloadLength(i);
        RedisType type;
        if (page.form() == PageForm.PAYLOADS) {
            type = length == 0 ? RedisType.MODULE : RedisType.ofPayload(page.payloads()[page.payloadOffset(i)]);
        } else {
            KeyPart part = Objects.requireNonNull(KeyPart.of(page, i));
            // the same for each part, so that all of a key stay or none
            length = part.size();
            type = RedisType.named(part.type());
        }
        return length >= minBytes && length <= maxBytes && types.contains(type);
    }
}
