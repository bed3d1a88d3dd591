package io.camelrump.cli.flags;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The flags that let a run be steered by HTTP. */
public final class ControlFlags extends FlagGroup {
    public static final String FLAG = "--control-port";

    public final Flag<Integer> port = number(
            FLAG,
            "N",
            "Let rump status, pause, resume, limit, cutover, go-back, release and abort steer the run at 127.0.0.1:N; 0 takes a free port"
                    + " and prints it. Default: none.");
    public final Flag<Path> tokenFile = tokenFile(this);

    public ControlFlags() {
        super("Steering");
    }

    /** The flag that names the file of the token, of whoever asks and of whoever is asked. */
    public static Flag<Path> tokenFile(FlagGroup group) {
        return group.file(
                "--control-token-file",
                "Read the token that steers a run from FILE. Default: RUMP_CONTROL_TOKEN, or a new one in a file that is"
                        + " named.");
    }

    /**
     * An objection to these flags; null if there is none.
     *
     * @param shown whether a page steers the run too
     */
    @Nullable
    public String objection(boolean shown) {
        if (!port.isGiven()) {
            return tokenFile.isGiven() && !shown
                    ? "--control-token-file is about --control-port and --ui: add one of them"
                    : null;
        }
        return ServerPort.objection(FLAG, port.value());
    }
}
