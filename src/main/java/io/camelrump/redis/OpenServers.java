package io.camelrump.redis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Servers of one side that several questions go to before a run: each is connected to once, and reports itself once.
 *
 * <p>Not thread-safe.
 */
public final class OpenServers implements AutoCloseable {
    private final List<ServerAddress> addresses;
    private final List<RedisConnection> opened = new ArrayList<>();
    private final List<ServerInfo> reported = new ArrayList<>();

    /** @param addresses at least one; none is connected to before it is asked */
    public OpenServers(List<ServerAddress> addresses) {
        this.addresses = List.copyOf(addresses);
    }

    public List<ServerAddress> addresses() {
        return addresses;
    }

    /** All of them, in the order of their addresses. */
    public List<RedisConnection> connections() {
        connection(addresses.size() - 1);
        return List.copyOf(opened);
    }

    /**
     * One of them, in the database of its address unless another was selected since.
     *
     * @param index of its address
     */
    public RedisConnection connection(int index) {
        while (opened.size() <= index) {
            opened.add(RedisConnection.open(addresses.get(opened.size())));
        }
        return opened.get(index);
    }

    /** The report of one of them about itself, from when it was first asked. */
    public ServerInfo info(int index) throws IOException {
        while (reported.size() <= index) {
            reported.add(connection(reported.size()).info());
        }
        return reported.get(index);
    }

    /** Closes what is open. What is asked after that opens anew. */
    @Override
    public void close() {
        opened.forEach(RedisConnection::close);
        opened.clear();
        reported.clear();
    }
}
