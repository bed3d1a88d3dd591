package io.camelrump.checkpoint;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Which way a checkpoint leads: to the target of a migration, back from there, or, while clients are switched, both.
 */
public final class TurnedText {
    private static final String BACK = "turned.back";
    private static final String FORWARD = "turned.forward";

    private TurnedText() {}

    /** The text of both directions, for a moment in which clients may write to either server. */
    public static String of(String forward, String back) {
        return CheckpointText.HEADER + FORWARD + "=" + hex(forward) + "\n" + BACK + "=" + hex(back) + "\n";
    }

    /** Whether it is the text of both. */
    public static boolean isOfBoth(String text) {
        return part(text, BACK) != null;
    }

    /** The migration's part of such a text. */
    public static String forward(String text) {
        return String.valueOf(part(text, FORWARD));
    }

    /** The way back's part of such a text. */
    public static String back(String text) {
        return String.valueOf(part(text, BACK));
    }

    /**
     * Whether a text is that of a way back.
     *
     * @throws IllegalArgumentException if it is damaged
     */
    public static boolean isOfWayBack(String text) {
        return Boolean.parseBoolean(Checkpoint.decode(text).selection().get(Checkpoint.WAY_BACK));
    }

    /**
     * Why a run must neither go on from this text nor discard it, as the end of a sentence about the checkpoint; null
     * if it may.
     *
     * @param wayBack whether the run leads back
     */
    public static @Nullable String objection(String text, boolean wayBack) {
        if (isOfBoth(text)) {
            return "is of a run that was killed while its clients were being switched: look which server they write to,"
                    + " and resume with --way-back, --resume, and --clients-at=from or --clients-at=to.";
        }
        return !wayBack && isReadable(text) && isOfWayBack(text)
                ? "is of a way back, on which the clients write to the target: a run in the other direction would write"
                        + " older values over theirs. Resume with --way-back and --resume; remove the checkpoint only"
                        + " if the target's values are not wanted."
                : null;
    }

    private static boolean isReadable(String text) {
        try {
            Checkpoint.decode(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static @Nullable String part(String text, String name) {
        Properties values = new Properties();
        try {
            values.load(new StringReader(text));
        } catch (IOException e) {
            throw new IllegalArgumentException("it cannot be read", e);
        }
        String hex = values.getProperty(name);
        return hex == null ? null : new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
