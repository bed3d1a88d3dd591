package io.camelrump.redis;

import java.util.Locale;
import java.util.Set;

/**
 * An error that a server replied.
 *
 * @param text the server's words, without the leading dash, control characters escaped
 */
public record ErrorReply(String text) {
    private static final Set<String> TRANSIENT = Set.of(
            "OOM", "LOADING", "BUSY", "MISCONF", "NOREPLICAS", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN");

    private static final Set<String> WRITELESS = Set.of("OOM", "MISCONF", "NOREPLICAS", "READONLY");

    /** Codes by which a server says what it can do, or what the user may do, and that stay as they are. */
    private static final Set<String> DEFINITIVE = Set.of(
            "ERR",
            "NOPERM",
            "NOAUTH",
            "WRONGPASS",
            "DENIED",
            "EXECABORT",
            "WRONGTYPE",
            "NOPROTO",
            "NOGROUP",
            "CROSSSLOT");

    /**
     * In the words of an EXEC that was not executed, from Redis 7.0 on: what follows is the error that kept it from
     * that.
     */
    private static final String CAUSE = "because of: ";

    private static final String OVERSIZED = "OVERSIZED";

    public ErrorReply {
        text = ShownText.of(text);
    }

    /** Stands for a reply with an element that is too long to be held; no server's words. */
    static ErrorReply oversized(long bytes, long most, String remedy) {
        return new ErrorReply(OVERSIZED + " an element has " + bytes + " bytes, more than the " + most
                + " that are read at once" + remedy);
    }

    /** Stands for a reply whose elements are too many, or too long together. */
    static ErrorReply oversizedReply(long most, String remedy) {
        return new ErrorReply(
                OVERSIZED + " a reply has more than the " + most + " bytes that are read at once" + remedy);
    }

    /** Whether the server answered, with an element that is too long to be held. */
    public boolean isOversized() {
        return code().equals(OVERSIZED);
    }

    /** The first word: Redis and Valkey differ in the words after it. */
    public String code() {
        int end = text.indexOf(' ');
        return end < 0 ? text : text.substring(0, end);
    }

    /** The server cannot do it now, and may do it later. */
    public boolean isTransient() {
        int cause = code().equals("EXECABORT") ? text.indexOf(CAUSE) : -1;
        if (cause >= 0) {
            return new ErrorReply(text.substring(cause + CAUSE.length())).isTransient();
        }
        return TRANSIENT.contains(code()) || isRedirection() || text.startsWith("ERR max number of clients reached");
    }

    /** The server is there and takes no writes, until somebody sees to it. */
    public boolean refusesWrites() {
        return WRITELESS.contains(code());
    }

    /**
     * Whether it says what the server can do or the user may do. A server that cannot serve now says nothing of that,
     * nor does one whose words are not known.
     */
    public boolean isDefinitive() {
        return isRedirection() || isOversized() || !isTransient() && DEFINITIVE.contains(code());
    }

    /** The key's slot is another node's: for good, or for this key alone while the slot moves there. */
    public boolean isRedirection() {
        return code().equals("MOVED") || isAsk();
    }

    /** {@code ASK slot host:port}: this key is not here any more, or not yet, because its slot is migrating there. */
    public boolean isAsk() {
        return code().equals("ASK");
    }

    /** Where a redirection leads: {@code host:port}; no host where it is that of the node that says so. */
    public String node() {
        return text.substring(text.lastIndexOf(' ') + 1);
    }

    /** The user may not run the command, or the server does not know it. */
    public boolean deniesCommand() {
        return switch (code()) {
            case "NOAUTH", "WRONGPASS" -> true;
            case "NOPERM" -> !deniesKey();
            // of EXEC itself, below Redis 7.0
            case "EXECABORT" -> text.contains("NOPERM");
            default -> isUnknownCommand();
        };
    }

    /** The server does not know the command, or had it renamed. */
    public boolean isUnknownCommand() {
        return text.toLowerCase(Locale.ROOT).startsWith("err unknown command");
    }

    /** The key, or the group of a stream, is gone: servers and commands say so in different words. */
    public boolean isOfMissing() {
        return switch (code()) {
            case "NOGROUP" -> true;
            case "ERR" -> text.toLowerCase(Locale.ROOT).contains("no such key");
            default -> false;
        };
    }

    /** The payload of a RESTORE is of a version that the server does not take, or damaged. */
    public boolean refusesVersion() {
        return text.contains("payload version or checksum");
    }

    /** The payload of a RESTORE has a form that the server's version does not know, or is damaged within. */
    public boolean refusesForm() {
        return text.contains("Bad data format");
    }

    /** The user may run the command, but not on this key. */
    public boolean deniesKey() {
        return code().equals("NOPERM") && (text.contains("access a key") || text.contains("the keys"));
    }

    /** The server knows the command and the user may run it, though not on this key, not here, or it says too much. */
    public boolean isOfKeyAlone() {
        return deniesKey() || isRedirection() || isOversized();
    }

    @Override
    public String toString() {
        return text;
    }
}
