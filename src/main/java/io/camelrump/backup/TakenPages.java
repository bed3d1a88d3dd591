package io.camelrump.backup;

import io.camelrump.Refusal;
import io.camelrump.keys.SampleLimit;
import io.camelrump.redis.KeyList;
import io.camelrump.run.PageData;
import io.camelrump.run.PageForm;
import io.camelrump.run.PayloadList;
import io.camelrump.run.Reading;
import io.camelrump.values.KeyPart;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes of pages of a file those that this run takes: filtered, and with names of its own for what comes in parts. */
final class TakenPages {
    /**
     * What is taken of a page.
     *
     * @param page null if no key of it is
     * @param filtered how many keys of it are left out
     * @param refusals keys of which parts are missing
     */
    record Taken(@Nullable PageData page, int filtered, List<Refusal> refusals) {}

    private static final Taken NOTHING = new Taken(null, 0, List.of());

    private final PageFilter filter;
    private final boolean carriesUsage;
    private final PartCopies copies;
    private final SampleLimit sample;

    TakenPages(BackupPlan plan, PartCopies copies, SampleLimit sample) {
        this.filter = plan.filter();
        this.carriesUsage = plan.scan().source().isCarryIdle();
        this.copies = copies;
        this.sample = sample;
    }

    Taken of(PageData page) {
        if (!filter.takesDatabase(page) || page.size() == 0) {
            return NOTHING;
        }
        PageData own = carriesUsage || page.origin().usage() == null
                ? page
                : page.only(all(page), page.origin().with(null));
        return own.form() == PageForm.PAYLOADS ? payloads(own) : parts(own);
    }

    private static int[] all(PageData page) {
        return IntStream.range(0, page.size()).toArray();
    }

    private Taken payloads(PageData page) {
        int[] own = IntStream.range(0, page.size())
                .filter(i -> !PageFilter.isTemporary(page, i))
                .toArray();
        int[] passed = filter.takesAll()
                ? own
                : IntStream.of(own).filter(i -> filter.takes(page, i)).toArray();
        int filtered = own.length - passed.length;
        int[] taken = IntStream.of(passed)
                .limit(sample.take(page.only(passed, page.origin()).keys()).size())
                .toArray();
        return new Taken(
                taken.length == 0
                        ? null
                        : taken.length == page.size()
                                ? page
                                : page.only(taken, page.origin().only(taken)),
                filtered,
                List.of());
    }

    private Taken parts(PageData page) {
        List<Integer> taken = new ArrayList<>();
        List<Refusal> refusals = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        int filtered = 0;
        for (int i = 0; i < page.size(); i++) {
            KeyPart part = KeyPart.of(page, i);
            if (part == null || part.step() == KeyPart.Step.UNREAD) {
                if (takes(page, i)) {
                    taken.add(i);
                    values.add(part == null ? new byte[0] : part.encode());
                } else {
                    filtered++;
                }
                continue;
            }
            boolean begins = part.step().begins();
            PartCopies.Copy copy = copies.enter(part, page, i, !begins || takes(page, i));
            switch (copy.fate()) {
                case TAKEN -> {
                    taken.add(i);
                    values.add(named(part, copy.name()).encode());
                }
                case LEFT_OUT -> filtered += part.step().completes() ? 1 : 0;
                case VOID -> {
                    if (part.step().completes()) {
                        refusals.add(
                                new Refusal(page.key(i), "the file does not have all parts of its " + part.type()));
                    }
                }
            }
        }
        int[] indexes = taken.stream().mapToInt(Integer::intValue).toArray();
        return new Taken(indexes.length == 0 ? null : withValues(page, indexes, values), filtered, refusals);
    }

    private boolean takes(PageData page, int i) {
        return !PageFilter.isTemporary(page, i)
                && filter.takes(page, i)
                && sample.take(page.keys().slice(i, i + 1)).size() == 1;
    }

    static KeyPart named(KeyPart part, String copy) {
        return new KeyPart(
                copy,
                part.step(),
                part.number(),
                part.type(),
                part.count(),
                part.size(),
                part.bytes(),
                part.offset(),
                part.length());
    }

    /** The keys of a page at these indexes with other values; an empty one stands for none. */
    static PageData withValues(PageData page, int[] indexes, List<byte[]> values) {
        return withValues(page, indexes, values, page.origin().reading(), page.form());
    }

    static PageData withValues(PageData page, int[] indexes, List<byte[]> values, Reading reading, PageForm form) {
        int[] offsets = new int[indexes.length];
        int[] lengths = new int[indexes.length];
        long[] expiries = new long[indexes.length];
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int n = 0; n < indexes.length; n++) {
            byte[] value = values.get(n);
            offsets[n] = all.size();
            lengths[n] = page.isGone(indexes[n]) ? page.payloadLength(indexes[n]) : value.length;
            expiries[n] = page.expiresAtMillis(indexes[n]);
            all.writeBytes(value);
        }
        KeyList names = page.keys().select(indexes);
        return new PageData(
                        names,
                        new PayloadList(all.toByteArray(), offsets, lengths),
                        expiries,
                        page.origin().only(indexes).as(reading, form))
                .to(page.targetDatabase());
    }

    /** Leaves out what is to follow of the key in parts that this page of the file has. */
    void leaveOut(PageData page) {
        for (int i = 0; page.form() != PageForm.PAYLOADS && i < page.size(); i++) {
            KeyPart part = KeyPart.of(page, i);
            if (part != null) {
                copies.leaveOut(part);
            }
        }
    }

    /** Number of keys of which parts are still to come. */
    int unfinished() {
        return copies.unfinished().size();
    }

    /** Notices to the target that no more comes of those keys. */
    List<PageData> takeUnfinished() {
        List<PageData> notices = new ArrayList<>();
        for (PartCopies.Copy copy : copies.unfinished()) {
            KeyPart last = KeyPart.of(copy.page(), copy.index());
            if (last != null && copy.fate() == PartCopies.Fate.TAKEN) {
                KeyPart givenUp = new KeyPart(
                        copy.name(),
                        KeyPart.Step.GIVEN_UP,
                        copy.parts(),
                        last.type(),
                        last.count(),
                        last.size(),
                        new byte[0],
                        0,
                        0);
                notices.add(withValues(
                        copy.page(),
                        new int[] {copy.index()},
                        List.of(givenUp.encode()),
                        Reading.FIRST,
                        PageForm.PART));
            }
        }
        copies.end();
        return notices;
    }

    void restart() {
        copies.clear();
    }
}
