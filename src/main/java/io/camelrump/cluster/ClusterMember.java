package io.camelrump.cluster;

import io.camelrump.source.NodeAssignment;
import io.camelrump.source.SourceReader;

/** Reader of one node of a cluster, and what it is to read. */
record ClusterMember(NodeAssignment node, SourceReader reader) {

    String id() {
        return node.id();
    }
}
