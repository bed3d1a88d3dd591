package io.camelrump.target;

import io.camelrump.run.PageData;
import java.util.List;

/**
 * Reply of a cluster's master that does not take some keys, as their slots moved or are migrating: MOVED, ASK, TRYAGAIN
 * or CLUSTERDOWN.
 *
 * @param message for a user
 * @param asked keys that the node a slot migrates to takes already, though it does not own it yet
 * @param left keys without an outcome, but for those asked for, to be written wherever their slots are; empty where the
 *     whole batch is sent again
 */
record Redirection(String message, List<Asked> asked, List<PageData> left) {

    /** A key to be written at this node with ASKING, as {@code ASK slot host:port} named it. */
    record Asked(String node, PageData page) {}

    /** The same, with what is left of a larger batch. */
    Redirection leaving(List<PageData> pages) {
        return new Redirection(message, asked, pages);
    }
}
