package io.camelrump.options;

/**
 * What of a value may be lost, by options that name it, where a target has no place for it.
 *
 * @param fieldTtl whether fields of a hash that expire may become fields that stay
 * @param idmp whether a stream may go without the ids of its producers
 */
public record AcceptedLosses(boolean fieldTtl, boolean idmp) {
    public static final AcceptedLosses NONE = new AcceptedLosses(false, false);

    public static AcceptedLosses of(TargetOptions options) {
        return new AcceptedLosses(options.isDropFieldTtl(), options.isDropIdmp());
    }
}
