// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
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
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One way into a guest: runs a script at a time, see bench/lab/guest/agent. Any thread. */
final class GuestShell implements AutoCloseable {
    /** What a finished script gave. */
    record Result(int exit, String output) {}

    private static final Pattern END = Pattern.compile("\001exit ([0-9]+)\002\n");

    private final SocketChannel channel;
    private final OutputStream out;
    private final StringBuilder output = new StringBuilder();
    private @Nullable Result result = new Result(0, "");
    private boolean broken;

    GuestShell(Path socket) {
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(socket));
            out = Channels.newOutputStream(channel);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("guest-shell").start(this::read);
    }

    private void read() {
        char[] chunk = new char[1 << 14];
        try (Reader in =
                new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                took(chunk, n);
            }
        } catch (IOException _) {
            // Closed, here or there.
        }
        synchronized (this) {
            broken = true;
            notifyAll();
        }
    }

    private synchronized void took(char[] chunk, int n) {
        int from = Math.max(0, output.length() - 16);
        output.append(chunk, 0, n);
        Matcher end = END.matcher(output);
        if (end.find(from)) {
            String text = output.substring(0, end.start());
            result = new Result(Integer.parseInt(end.group(1)), text);
        }
        notifyAll();
    }

    /** Whether no script is running. */
    synchronized boolean idle() {
        return result != null && !broken;
    }

    synchronized void start(String script) {
        output.setLength(0);
        result = null;
        byte[] bytes = script.getBytes(StandardCharsets.UTF_8);
        try {
            out.write(
                    (Base64.getEncoder().encodeToString(bytes) + "\n")
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            broken = true;
        }
    }

    /** What the script has printed so far. */
    synchronized String output() {
        Result ended = result;
        return ended == null ? output.toString() : ended.output();
    }

    /** What the script gave; null while it runs. */
    synchronized @Nullable Result result() {
        return result;
    }

    /** Waits until there is more output, the end, or the end of the guest; false after the time. */
    synchronized boolean awaitChange(int seenLength, long deadlineNanos) {
        while (result == null && !broken && output.length() == seenLength) {
            long left = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        return true;
    }

    synchronized boolean broken() {
        return broken;
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
