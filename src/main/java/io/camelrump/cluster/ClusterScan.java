package io.camelrump.cluster;

import io.camelrump.keys.SampleLimit;
import io.camelrump.run.ChangeLog;
import io.camelrump.run.NodeProgress;
import io.camelrump.run.Run;
import io.camelrump.run.ScanEpoch;
import io.camelrump.source.SourceReader;
import java.util.List;

/** Scan of all slots of a cluster: begun on the owners of now, and ended when each slot was read where it lies. */
final class ClusterScan {
    private final SampleLimit sample;
    private final Run run;
    private final ChangeLog changes;
    private final SlotScanState slots;
    private final ClusterMembers members;
    private final SlotRescans rescans;

    private ScanEpoch epoch = ScanEpoch.NONE;
    private boolean scannedOnce;

    ClusterScan(SampleLimit sample, Run run, SlotScanState slots, ClusterMembers members, SlotRescans rescans) {
        this.sample = sample;
        this.run = run;
        this.changes = run.changes();
        this.slots = slots;
        this.members = members;
        this.rescans = rescans;
    }

    /** Plans to scan each slot on the node that owns it now. */
    void begin() throws InterruptedException {
        epoch = run.epoch();
        if (!run.sources().equalStart().isOpening()) {
            changes.gaps().restarted();
        }
        scannedOnce = false;
        sample.restart();
        rescans.begin();
        members.begin();
        run.report().sourceKeys(members.keys());
    }

    ScanEpoch epoch() {
        return epoch;
    }

    /** Whether the run has begun no other scan since. */
    boolean isCurrent() {
        return epoch.equals(run.epoch());
    }

    double progress() {
        return scannedOnce ? 1 : members.progress();
    }

    List<NodeProgress> nodes() {
        return members.all().stream().map(this::progress).toList();
    }

    private NodeProgress progress(ClusterMember member) {
        SourceReader reader = member.reader();
        return new NodeProgress(reader.servers().get(0), scannedOnce ? 1 : reader.progress(), reader.keys());
    }

    /** Whether there is nothing to be read now: slots may still have to be scanned again. */
    boolean isDry() {
        return isCurrent() && members.areAtEnd() && changes.isEmpty();
    }

    /** Whether each slot was read to its end where it lies. */
    boolean isAtEnd() {
        return isDry() && slots.isConfirmed() && slots.isSettled();
    }

    boolean isScanEnded() {
        return isCurrent()
                && slots.isSettled()
                && members.isScanEnded()
                && (!changes.isFollowed() || !members.readsReplicas());
    }

    /** Finds the slots that moved, once all nodes are read to their ends, and starts the rescans that are due. */
    void settle() throws InterruptedException {
        if (!isCurrent() || !members.areAtEnd()) {
            return;
        }
        if (changes.isFollowed()) {
            members.leaveReplicas();
        }
        members.all().forEach(members::takeStrayed);
        scannedOnce = true;
        rescans.settle();
    }

    /** Whether slots are scanned again next: a scan must find nothing that waits, so no more is given out before. */
    boolean isRescanNext() {
        return !rescans.isUnanswered() && members.isScanEnded() && slots.isAnyAtRest();
    }
}
