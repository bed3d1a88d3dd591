package io.camelrump.run;

import io.camelrump.redis.KeyList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Puts keys together again that have travelled one by one: those of one receipt and one database of the target become
 * one page. Not thread-safe.
 */
public final class PageMerge {
    private final List<Group> groups = new ArrayList<>();

    /** Adds one key of a page, behind those that were added before. */
    public void add(PageData page, int index) {
        for (int i = groups.size() - 1; i >= 0; i--) {
            if (groups.get(i).takes(page)) {
                groups.get(i).add(page, index);
                return;
            }
        }
        Group group = new Group(page);
        group.add(page, index);
        groups.add(group);
    }

    /** The pages, in the order of their first keys. */
    public List<PageData> pages() {
        return groups.stream().map(Group::page).toList();
    }

    /** Keys that become one page; their columns are shared or copied at the end. */
    private static final class Group {
        private final PageData first;
        private final List<PageData> pages = new ArrayList<>();
        private int[] indexes = new int[16];

        Group(PageData first) {
            this.first = first;
        }

        boolean takes(PageData page) {
            return page.receipt() == first.receipt()
                    && page.origin() == first.origin()
                    && page.targetDatabase() == first.targetDatabase();
        }

        void add(PageData page, int index) {
            if (pages.size() == indexes.length) {
                indexes = Arrays.copyOf(indexes, indexes.length * 2);
            }
            indexes[pages.size()] = index;
            pages.add(page);
        }

        PageData page() {
            int size = pages.size();
            KeyList.Builder keys = new KeyList.Builder(size);
            int[] lengths = new int[size];
            long[] expiries = new long[size];
            int[] places = new int[size];
            boolean shared = true;
            int total = 0;
            for (int i = 0; i < size; i++) {
                PageData page = pages.get(i);
                int index = indexes[i];
                keys.add(page.keys(), index);
                lengths[i] = page.payloadLength(index);
                expiries[i] = page.expiresAtMillis(index);
                places[i] = page.place(index);
                shared &= page.payloads() == first.payloads();
                total += Math.max(0, lengths[i]);
            }
            byte[] bytes = shared ? first.payloads() : new byte[total];
            return first.with(keys.build(), new PayloadList(bytes, offsets(bytes, shared), lengths), expiries, places);
        }

        /** Where each payload is in these bytes, copied to them unless all pages share them. */
        private int[] offsets(byte[] bytes, boolean shared) {
            int[] offsets = new int[pages.size()];
            int used = 0;
            for (int i = 0; i < offsets.length; i++) {
                PageData page = pages.get(i);
                int offset = page.payloadOffset(indexes[i]);
                int length = Math.max(0, page.payloadLength(indexes[i]));
                offsets[i] = shared ? offset : used;
                if (!shared) {
                    System.arraycopy(page.payloads(), offset, bytes, used, length);
                    used += length;
                }
            }
            return offsets;
        }
    }
}
