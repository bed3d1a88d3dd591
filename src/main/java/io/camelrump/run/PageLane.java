package io.camelrump.run;

/**
 * One of several ways that pages of a run go side by side, such as the partitions of a topic. All readings of a key go
 * in one lane, and pages of a lane keep their order.
 *
 * @param number of the lane, from 0
 * @param lanes number of lanes
 * @param sequence number of the page in its lane, from 0; of the page that reports the end, one above the last
 */
public record PageLane(int number, int lanes, long sequence) {
    /** @throws IllegalArgumentException if there is no such lane */
    public PageLane {
        if (number < 0 || number >= lanes || sequence < 0) {
            throw new IllegalArgumentException("page " + sequence + " of lane " + number + " of " + lanes);
        }
    }
}
