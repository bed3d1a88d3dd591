package io.camelrump.redis;

import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A connection to one database of one server. Jedis opens the socket; all words go through {@link #in()} and
 * {@link #out()}, straight on that socket.
 *
 * <p>Not thread-safe.
 */
public final class RedisConnection implements AutoCloseable {
    /** Name of all connections of ours in the list of a server's clients. */
    public static final String NAME = "camel-rump";

    private static final int BUFFER_SIZE = 64 * 1024;

    private final ServerAddress address;
    private final Connection jedis;
    private final Sockets sockets;
    private final RespReader in;
    private final RespWriter out;
    private final CountedOutput sent;
    private int database;
    private int ownSlot = -1;
    /** Who found the server by its sentinels; null where its place was known. */
    private @Nullable SentinelMaster master;

    RedisConnection(ServerAddress address, Connection jedis, Sockets sockets) throws IOException {
        Socket socket = sockets.opened();
        this.address = address;
        this.jedis = jedis;
        this.sockets = sockets;
        SilenceWatch silence = sockets.watch();
        this.in = new RespReader(new WatchedInput(socket.getInputStream(), silence), BUFFER_SIZE);
        this.sent = new CountedOutput(socket.getOutputStream(), silence);
        this.out = new RespWriter(sent, BUFFER_SIZE);
    }

    /** Connects, logs in and selects the database; where sentinels report the master, to the one that they name now. */
    public static RedisConnection open(ServerAddress address) {
        return address.sentinels() == null
                ? ConnectionOpener.openAt(address)
                : SentinelMaster.of(address.sentinels()).open(address);
    }

    /** The database that the commands written from now on are about. */
    public int database() {
        return database;
    }

    /** Makes all that follows be about this database. */
    public void select(int number) throws IOException {
        if (number != database) {
            writeSelect(number);
            out.flush();
            readSelect();
        }
    }

    /** Selects within a pipeline: the reply is due when that of the command before it was read. */
    public void writeSelect(int number) throws IOException {
        out.command(2).arg("SELECT").arg(number);
        database = number;
    }

    /** Reads the reply to {@link #writeSelect}. */
    public void readSelect() throws IOException {
        if (in.reply() instanceof ErrorReply error) {
            throw ErrorText.refusal(address.withDatabase(database), "SELECT", error);
        }
    }

    /** The session agreed on for TLS; null without TLS. */
    public @Nullable SSLSession tlsSession() {
        return sockets.opened() instanceof SSLSocket secured ? secured.getSession() : null;
    }

    /** Where it leads; with sentinels, to whom they named when it was opened. */
    public ServerAddress address() {
        return address;
    }

    /**
     * Whether it leads to the server that {@code asked} means now: without sentinels it does, and with them they are
     * asked once more. It is closed if it does not.
     */
    public boolean leadsTo(ServerAddress asked) {
        return asked.sentinels() == null || SentinelMaster.of(asked.sentinels()).names(this, asked);
    }

    void foundBy(SentinelMaster finder) {
        master = finder;
    }

    /** Notes a slot of this node, if it belongs to a cluster. */
    public void owns(int slot) {
        ownSlot = slot;
    }

    /** A name that no key has, to try commands with; a node of a cluster takes it. */
    public String nowhere() {
        return "rump:tmp:" + UUID.randomUUID() + (ownSlot < 0 ? "" : "{" + Slot.tag(ownSlot) + "}");
    }

    /** Ends it under whoever uses it, from any thread. */
    void abort() {
        sockets.close();
    }

    public RespReader in() {
        return in;
    }

    public RespWriter out() {
        return out;
    }

    /** Bytes that the server's side took so far; any thread may ask. */
    public long bytesSent() {
        return sent.bytes();
    }

    /** Sends one command and waits for its reply; an error comes back as an {@link ErrorReply}. */
    public @Nullable Object call(String... words) throws IOException {
        write(List.of(words));
        out.flush();
        return reply(words[0]);
    }

    private @Nullable Object reply(String command) throws IOException {
        try {
            return in.reply();
        } catch (ProtocolException e) {
            throw ReplyException.in(command, e);
        }
    }

    private void write(List<String> words) throws IOException {
        out.command(words.size());
        for (String word : words) {
            out.arg(word);
        }
    }

    /**
     * Sends one command that asks what the server can do, or what holds for all of it, and waits for its reply.
     *
     * @throws RedisException of a server that cannot answer now, which must not be taken for one that says no
     */
    public @Nullable Object probe(String... words) throws IOException {
        return ErrorText.definitive(address, words[0], call(words));
    }

    /** Probes a command about a key. */
    public @Nullable Object probe(String command, byte[] key, String... more) throws IOException {
        return ErrorText.definitive(address, command, call(command, key, more));
    }

    /** Reads the reply to a command of a pipeline that probes; throws as {@link #probe(String...)} does. */
    public @Nullable Object readProbe(String command) throws IOException {
        return ErrorText.definitive(address, command, reply(command));
    }

    /** Probes several commands at once. */
    public List<@Nullable Object> probeAll(List<List<String>> commands) throws IOException {
        List<@Nullable Object> replies = callAll(commands);
        for (int i = 0; i < replies.size(); i++) {
            ErrorText.definitive(address, commands.get(i).get(0), replies.get(i));
        }
        return replies;
    }

    /** Sends several commands at once and waits for their replies: over a distance they cost one round trip. */
    public List<@Nullable Object> callAll(List<List<String>> commands) throws IOException {
        for (List<String> words : commands) {
            write(words);
        }
        out.flush();
        List<@Nullable Object> replies = new ArrayList<>(commands.size());
        for (List<String> words : commands) {
            replies.add(reply(words.get(0)));
        }
        return replies;
    }

    /** Sends one command about a key and waits for its reply. */
    public @Nullable Object call(String command, byte[] key, String... more) throws IOException {
        out.command(2 + more.length).arg(command).arg(key);
        for (String word : more) {
            out.arg(word);
        }
        out.flush();
        return reply(command);
    }

    /** Number of keys in the database; -1 where the user may not ask. */
    public long databaseSize() throws IOException {
        return new ServerQueries(this).databaseSize();
    }

    /** The whole of INFO; hidden where the user may not ask. */
    public ServerInfo info() throws IOException {
        return new ServerQueries(this).info();
    }

    /** These sections of INFO, asked for at once. */
    public ServerInfo info(String... sections) throws IOException {
        return new ServerQueries(this).info(sections);
    }

    /** An error for replies that were read, and that nobody expected to be like this. */
    public RedisException misread(RuntimeException error) {
        return RedisException.permanentError(
                address + " sent what is not understood, near " + in.near() + " (" + ErrorText.unexpected(error) + ").",
                error);
    }

    @Override
    public void close() {
        if (master != null) {
            master.closed(this);
        }
        sockets.close();
        try {
            jedis.disconnect();
        } catch (JedisException e) {
            // the connection was broken already, and is closed now
        }
    }

    /** Reads a reply that must be an array. */
    @SuppressWarnings("unchecked")
    public static List<@Nullable Object> list(@Nullable Object reply) throws IOException {
        if (reply instanceof List<?> list) {
            return (List<@Nullable Object>) list;
        }
        throw new ProtocolException("an array was expected, got " + ShownText.beginning(reply));
    }
}
