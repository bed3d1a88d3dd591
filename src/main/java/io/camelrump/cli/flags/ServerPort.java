package io.camelrump.cli.flags;

import io.camelrump.UsageException;
import io.camelrump.files.OutputFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/**
 * A port of this machine for an HTTP server, which was free just now.
 *
 * @param host address or name, as a person gave it
 */
public record ServerPort(String host, int number) {
    public static final String LOOPBACK = "127.0.0.1";
    private static final int MOST = 65_535;

    /** An objection to a number that is given for a port; null if there is none. */
    static @Nullable String objection(String flag, int number) {
        return number >= 0 && number <= MOST
                ? null
                : flag + " " + number + " is no port: it must be from 1 to " + MOST + ", or 0";
    }

    /**
     * The port that a flag asks for.
     *
     * @param wanted 0 for any that is free
     * @throws UsageException if it cannot be opened
     */
    public static ServerPort open(String flag, String host, int wanted) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(own(host), wanted));
            return new ServerPort(host, socket.getLocalPort());
        } catch (IOException e) {
            throw new UsageException(
                    flag + " " + wanted + " cannot be opened (" + OutputFile.reason(e)
                            + "): name another, or 0 for a free one",
                    e);
        }
    }

    private static InetAddress own(String host) throws IOException {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (IOException e) {
            throw new UsageException("--bind " + host + " is not known: give an address of this machine", e);
        }
        if (!address.isAnyLocalAddress() && NetworkInterface.getByInetAddress(address) == null) {
            throw new UsageException("--bind " + host + " is no address of this machine");
        }
        return address;
    }

    /**
     * Requires the jars of a flag, which other calls do without.
     *
     * @param type of theirs
     * @param artifact that brings it
     * @param folder of the distribution that has them
     */
    public static void require(String flag, String type, String artifact, String folder) {
        try {
            Class.forName(type, false, ServerPort.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new UsageException(
                    flag + " takes " + artifact + " and the jars that it needs, which are in " + folder
                            + " of the distribution: start bin/rump, or add them to the class path",
                    e);
        }
    }

    /** By which it is reached from this machine. */
    public String url() {
        String reached = isEverywhere() ? LOOPBACK : host.contains(":") ? "[" + host + "]" : host;
        return "http://" + reached + ":" + number;
    }

    /** Whether it is open at all addresses of this machine. */
    public boolean isEverywhere() {
        try {
            return InetAddress.getByName(host).isAnyLocalAddress();
        } catch (IOException e) {
            return false;
        }
    }
}
