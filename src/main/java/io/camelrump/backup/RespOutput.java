package io.camelrump.backup;

import io.camelrump.options.AcceptedLosses;
import io.camelrump.redis.ElementFeatures;
import io.camelrump.redis.KeyUsage;
import io.camelrump.redis.RespWriter;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.values.ElementWriter;
import io.camelrump.values.KeyPart;
import io.camelrump.values.TemporaryKeys;
import io.camelrump.wire.WireEnd;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes commands that restore the keys, for a server that takes them without a word in between, as from
 * {@code redis-cli --pipe}: RESTORE, with the expiry as an instant, and for values in parts the commands of their
 * types.
 *
 * <p>Such a value is put together under a temporary key, as if this were a connection, and takes its name at the end.
 * SELECT stands before keys that go to another database than those before; only a run that reads several databases, or
 * maps them, says where its keys go.
 */
final class RespOutput implements KeyOutput {
    private static final int BUFFER_BYTES = 64 * 1024;
    /** Whoever has a value with these is a server that has their commands. */
    private static final ElementFeatures ALL = new ElementFeatures(true, true, true, true, true);

    private final RespWriter out;
    private final ElementWriter elements;
    private final boolean keepTtl;
    private final boolean replace;
    private int database = -1;

    RespOutput(OutputStream out, boolean keepTtl, boolean replace) {
        RespWriter commands = new RespWriter(out, BUFFER_BYTES);
        this.out = commands;
        this.elements = new ElementWriter(() -> commands, ALL, AcceptedLosses.NONE);
        this.keepTtl = keepTtl;
        this.replace = replace;
    }

    @Override
    public Map<Integer, String> write(PageData page) throws IOException {
        if (page.targetDatabase() >= 0 && page.targetDatabase() != database && page.size() > 0) {
            database = page.targetDatabase();
            out.command(2).arg("SELECT").arg(database);
        }
        for (int i = 0; i < page.size(); i++) {
            if (page.isGone(i)) {
                continue;
            }
            if (page.form() == PageForm.PAYLOADS) {
                restore(page, i);
            } else {
                write(page, i, KeyPart.of(page, i));
            }
        }
        return Map.of();
    }

    private void restore(PageData page, int i) throws IOException {
        long expiry = expiry(page, i);
        KeyUsage usage = page.origin().usage();
        int used = usage == null ? KeyUsage.UNKNOWN : usage.values()[page.place(i)];
        out.command(4 + (replace ? 1 : 0) + (expiry > 0 ? 1 : 0) + (used < 0 ? 0 : 2))
                .arg("RESTORE");
        page.keys().write(out, i);
        out.arg(expiry).arg(page.payloads(), page.payloadOffset(i), page.payloadLength(i));
        if (replace) {
            out.arg("REPLACE");
        }
        if (expiry > 0) {
            out.arg("ABSTTL");
        }
        if (usage != null && used >= 0) {
            out.arg(usage.kind().name()).arg(used);
        }
    }

    /** At least 1; 0 for a key that does not expire. */
    private long expiry(PageData page, int i) {
        long expiry = keepTtl ? LocalExpiry.of(page, i) : PageData.NO_EXPIRY;
        return expiry == PageData.NO_EXPIRY ? 0 : Math.max(1, expiry);
    }

    private void write(PageData page, int i, KeyPart part) throws IOException {
        byte[] temporary = TemporaryKeys.bytes(TemporaryKeys.name(part.copy(), page.key(i)));
        if (part.step().begins() || part.step() == KeyPart.Step.GIVEN_UP) {
            // also what a load that was cut off has left
            out.command(2).arg("DEL").arg(temporary);
        }
        if (part.step() != KeyPart.Step.GIVEN_UP) {
            elements.write(part, temporary);
        }
        if (part.step().completes()) {
            takeName(page, i, temporary);
        } else if (part.step() != KeyPart.Step.GIVEN_UP) {
            // expires if the rest never comes
            out.command(3).arg("PEXPIRE").arg(temporary).arg(TemporaryKeys.MILLIS);
        }
    }

    private void takeName(PageData page, int i, byte[] temporary) throws IOException {
        long expiry = expiry(page, i);
        if (expiry == 0) {
            out.command(2).arg("PERSIST").arg(temporary);
        }
        if (replace) {
            out.command(3).arg("RENAME").arg(temporary).arg(page.key(i));
        }
        if (expiry > 0) {
            out.command(3)
                    .arg("PEXPIREAT")
                    .arg(replace ? page.key(i) : temporary)
                    .arg(expiry);
        }
        if (!replace) {
            out.command(3).arg("RENAMENX").arg(temporary).arg(page.key(i));
        }
    }

    /** Commands have no end: that the file has its name says that it is complete. */
    @Override
    public void end(@Nullable PageData last, WireEnd end) throws IOException {
        out.flush();
    }
}
