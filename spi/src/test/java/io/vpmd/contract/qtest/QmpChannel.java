// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract.qtest;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** QEMU's monitor: commands and answers in JSON, a line each. One thread at a time. */
public final class QmpChannel implements AutoCloseable {
    private static final Pattern WORD = Pattern.compile(": 0x([0-9a-f]{8})");
    private static final Pattern NUMBER = Pattern.compile("\"return\": (-?[0-9]+)");

    private final Reader in;
    private final OutputStream out;
    private final AutoCloseable connection;
    private final char[] chunk = new char[1 << 12];
    private final StringBuilder text = new StringBuilder();
    private final Deque<String> events = new ArrayDeque<>();

    QmpChannel(Path socket) throws IOException {
        this(connect(socket));
    }

    private QmpChannel(SocketChannel channel) throws IOException {
        this(Channels.newInputStream(channel), Channels.newOutputStream(channel), channel);
    }

    /** A monitor at the other end of two streams, greeting included. */
    public QmpChannel(InputStream in, OutputStream out, AutoCloseable connection)
            throws IOException {
        this.in = new InputStreamReader(in, StandardCharsets.UTF_8);
        this.out = out;
        this.connection = connection;
        line();
        run("{\"execute\":\"qmp_capabilities\"}");
    }

    private static SocketChannel connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return channel;
    }

    /** Plugs the cable of a network device in or out. */
    public void setLink(String device, boolean up) {
        run(
                "{\"execute\":\"set_link\",\"arguments\":{\"name\":\""
                        + device
                        + "\",\"up\":"
                        + up
                        + "}}");
    }

    /**
     * Runs a command and returns the line of its answer.
     *
     * @throws IllegalStateException with QEMU's words when it failed
     */
    public synchronized String run(String command) {
        try {
            out.write((command + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            String answer = line();
            while (!answer.startsWith("{\"return\"") && !answer.startsWith("{\"error\"")) {
                events.add(answer);
                answer = line();
            }
            if (answer.startsWith("{\"error\"")) {
                throw new IllegalStateException("QEMU: " + command + ": " + answer);
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a word at an address of the machine's bus, as its processor would. */
    public int word(long address) {
        String command = "xp /1wx 0x" + Long.toHexString(address);
        String answer =
                run(
                        "{\"execute\":\"human-monitor-command\",\"arguments\":{\"command-line\":\""
                                + command
                                + "\"}}");
        Matcher m = WORD.matcher(answer);
        if (!m.find()) {
            throw new IllegalStateException(answer + " has no word");
        }
        return Integer.parseUnsignedInt(m.group(1), 16);
    }

    /** Reads a number out of QEMU's object tree. */
    long number(String object, String property) {
        String answer =
                run(
                        "{\"execute\":\"qom-get\",\"arguments\":{\"path\":\"/machine/peripheral/"
                                + object
                                + "\",\"property\":\""
                                + property
                                + "\"}}");
        Matcher m = NUMBER.matcher(answer);
        if (!m.find()) {
            throw new IllegalStateException(answer + " is no number");
        }
        return Long.parseLong(m.group(1));
    }

    /** Waits for an event whose line holds both texts. */
    synchronized void await(String event, String detail) {
        try {
            while (true) {
                String next = events.isEmpty() ? line() : events.remove();
                if (next.contains(event) && next.contains(detail)) {
                    return;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String line() throws IOException {
        int end = text.indexOf("\n");
        while (end < 0) {
            int n = in.read(chunk);
            if (n < 0) {
                throw new IOException("QEMU has closed its monitor");
            }
            text.append(chunk, 0, n);
            end = text.indexOf("\n");
        }
        String line = text.substring(0, end).strip();
        text.delete(0, end + 1);
        return line;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
