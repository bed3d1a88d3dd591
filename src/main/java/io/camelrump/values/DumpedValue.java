package io.camelrump.values;

import io.camelrump.RedisType;
import io.camelrump.Refusal;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The value of one key of a page: its type, its size, and what Java has for it. */
public record DumpedValue(PageData page, int index) {

    public boolean isInParts() {
        return page.form() != PageForm.PAYLOADS;
    }

    public byte @Nullable [] payload() {
        if (isInParts() && !page.isGone(index)) {
            throw new IllegalStateException("Key " + Refusal.quote(page.key(index)) + " travels in parts, which have no"
                    + " payload outside of this application: set bigKey=off (--big-key off) on the rump: consumer of a"
                    + " route that hands payloads to a transport, and its large keys are dumped as a whole.");
        }
        return page.payload(index);
    }

    public String type() {
        if (page.isGone(index)) {
            return "none";
        }
        if (isInParts()) {
            return Objects.requireNonNull(KeyPart.of(page, index)).type();
        }
        int length = page.payloadLength(index);
        int offset = page.payloadOffset(index);
        RedisType type = length == 0 ? RedisType.MODULE : RedisType.ofPayload(page.payloads()[offset]);
        return type == RedisType.MODULE && JsonPayload.is(page.payloads(), offset, length)
                ? JsonPayload.TYPE
                : type.word();
    }

    public long size() {
        KeyPart part = isInParts() ? KeyPart.of(page, index) : null;
        return part == null ? Math.max(0, page.payloadLength(index)) : part.size();
    }

    public boolean isDecodable() {
        return !page.isGone(index)
                && !isInParts()
                && page.payloadLength(index) > 0
                && DecodedValue.isKnown(page.payloads(), page.payloadOffset(index), page.payloadLength(index));
    }

    /** Null for a key that is gone. */
    public @Nullable Object decoded() {
        byte[] payload = payload();
        if (payload == null) {
            return null;
        }
        try {
            return DecodedValue.of(payload);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "Key " + Refusal.quote(page.key(index)) + " has no decoded value: " + e.getMessage(), e);
        }
    }

    /**
     * The value with another one in a field that it has, not within nested objects; null if it has none of that name.
     */
    public @Nullable Object withField(String field, String value) {
        if (!(fields() instanceof Map<?, ?> map) || !map.containsKey(field)) {
            return null;
        }
        Map<Object, Object> changed = new LinkedHashMap<>(map);
        changed.put(field, value);
        return changed;
    }

    /** The value with another one in each field of that name, at any depth; null if it has none. */
    public @Nullable Object withEachField(String field, String value) {
        Object fields = fields();
        Object changed = NestedFields.replaced(fields, field, value);
        return changed == fields ? null : changed;
    }

    /** Null for a type without fields. */
    private @Nullable Object fields() {
        String type = type();
        return type.equals("hash") || type.equals(JsonPayload.TYPE) ? decoded() : null;
    }

    public String json(String name, @Nullable Duration ttl) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("key", name);
        fields.put("type", type());
        fields.put("database", page.database());
        fields.put("ttl", ttl == null ? null : ttl.toMillis());
        fields.put("value", decoded());
        return JsonText.of(fields);
    }
}
