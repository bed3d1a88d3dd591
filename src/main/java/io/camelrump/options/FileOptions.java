package io.camelrump.options;

import io.camelrump.ConflictPolicy;
import io.camelrump.ServerMode;
import io.camelrump.UsageException;
import io.camelrump.files.FileAddress;
import io.camelrump.files.FileAddress.Form;
import java.util.Locale;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/** A file that an endpoint reads or writes instead of a server. */
@UriParams
public class FileOptions {
    private static final String LATER = "that is said where the file is restored";
    private static final String NO_SERVER = "a file is no server";

    @UriParam(
            description = "File to read or write instead of a server, such as backup.rump: compressed if its name ends"
                    + " in .gz or .zst, - for standard input or output. With the prefix rump1: in the form of Rump"
                    + " 1.0, with resp: as commands for redis-cli --pipe, which can be written alone.")
    private @Nullable String file;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description = "Replaces a file that exists already, once the new one is complete. Otherwise the start"
                    + " fails there.")
    private boolean overwrite;

    /**
     * Checks the file, and that no option is given that only a server has.
     *
     * @throws UsageException if one is, or if the file is none
     */
    public void check(ServerOptions server, boolean tls, boolean sentinels) {
        FileAddress address = address();
        if (address == null) {
            refuse("overwrite", true, overwrite, "given with a file");
            return;
        }
        refuse("host", server.getHost(), server.getHost() != null, without(NO_SERVER));
        refuse("username", server.getUsername(), server.getUsername() != null, without(NO_SERVER));
        refuse("password", "***", server.getPassword() != null, without(NO_SERVER));
        refuse("passwordFile", server.getPasswordFile(), server.getPasswordFile() != null, without(NO_SERVER));
        refuse("mode", server.getMode(), server.getMode() != ServerMode.AUTO, without(NO_SERVER));
        refuse("tls", true, tls, without(NO_SERVER));
        refuse("sentinels", "...", sentinels, without(NO_SERVER));
    }

    /**
     * Checks options of a producer that writes the file.
     *
     * @throws UsageException if it cannot be written so
     */
    public void checkTarget(ServerOptions server, TargetOptions target) {
        FileAddress address = written();
        ConflictPolicy policy = target.namesConflictPolicy() ? target.getOnConflict() : null;
        // a default for all endpoints may say replace, which is what becomes of keys anyway
        boolean differs = policy != null && policy != ConflictPolicy.REPLACE;
        refuse("onConflict", policy, differs && address.form() != Form.RESP, without(LATER));
        refuse("ttl", false, !target.isTtl() && address.form() == Form.RUMP, without(LATER));
        refuse("database", server.getDatabase(), server.getDatabase() != 0, without(LATER));
        refuse("dropFieldTtl", true, target.isDropFieldTtl(), without(LATER));
        refuse("dropIdmp", true, target.isDropIdmp(), without(LATER));
        refuse("waitReplicas", target.getWaitReplicas(), target.getWaitReplicas() > 0, without("it has no replicas"));
        refuse("prune", true, target.isPrune(), without("it holds no other keys"));
    }

    private FileAddress written() {
        FileAddress address = address();
        if (address == null) {
            throw new IllegalStateException("no file is given");
        }
        return address;
    }

    private static String without(String reason) {
        return "left out with a file: " + reason;
    }

    private static void refuse(String option, @Nullable Object value, boolean given, String allowed) {
        if (given) {
            throw OptionText.wrong(option, value instanceof Enum<?> one ? text(one) : value, allowed);
        }
    }

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /**
     * The file; null if the endpoint is about a server.
     *
     * @throws UsageException if the text names none
     */
    public @Nullable FileAddress address() {
        try {
            return file == null ? null : FileAddress.parse(file);
        } catch (UsageException e) {
            throw new UsageException("file=" + file + " " + e.getMessage(), e);
        }
    }

    public @Nullable String getFile() {
        return file;
    }

    public void setFile(@Nullable String file) {
        this.file = file;
    }

    public boolean isOverwrite() {
        return overwrite;
    }

    public void setOverwrite(boolean overwrite) {
        this.overwrite = overwrite;
    }
}
