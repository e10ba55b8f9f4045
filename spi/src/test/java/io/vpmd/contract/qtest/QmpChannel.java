// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract.qtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** QEMU's monitor: commands and answers in JSON, a line each. One thread at a time. */
final class QmpChannel implements AutoCloseable {
    private static final Pattern NUMBER = Pattern.compile("\"return\": (-?[0-9]+)");

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(1 << 16);
    private final StringBuilder text = new StringBuilder();
    private final Deque<String> events = new ArrayDeque<>();

    QmpChannel(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        line();
        run("{\"execute\":\"qmp_capabilities\"}");
    }

    /**
     * Runs a command and returns the line of its answer.
     *
     * @throws IllegalStateException with QEMU's words when it failed
     */
    synchronized String run(String command) {
        try {
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8)));
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
            in.clear();
            if (channel.read(in) < 0) {
                throw new IOException("QEMU has closed its monitor");
            }
            text.append(new String(in.array(), 0, in.position(), StandardCharsets.UTF_8));
            end = text.indexOf("\n");
        }
        String line = text.substring(0, end).strip();
        text.delete(0, end + 1);
        return line;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
