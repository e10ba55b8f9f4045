// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract.qtest;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * QEMU's qtest protocol: one command a line, one line of answer. Any thread may call; nothing here
 * allocates but the constructor, because doorbells of bursts pass through.
 */
final class QtestChannel implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 20;
    private static final int LINE = 256;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment out = arena.allocate(LINE);
    private final MemorySegment in = arena.allocate(LINE);
    private final UnixStream stream;
    private int used;

    QtestChannel(Path socket) {
        stream = UnixStream.connect(socket, TIMEOUT_SECONDS);
    }

    /** A read command such as {@code readl} at an address. */
    synchronized long read(String command, long address) {
        begin(command, address);
        return finish();
    }

    /** A write command such as {@code writel}. */
    synchronized void write(String command, long address, long value) {
        begin(command, address);
        append(' ');
        appendHex(value);
        finish();
    }

    private void begin(String command, long address) {
        used = 0;
        for (int i = 0; i < command.length(); i++) {
            append(command.charAt(i));
        }
        append(' ');
        appendHex(address);
    }

    private void append(int character) {
        out.set(JAVA_BYTE, used++, (byte) character);
    }

    private void appendHex(long value) {
        append('0');
        append('x');
        int digits = Math.max(1, (67 - Long.numberOfLeadingZeros(value)) / 4);
        for (int i = digits - 1; i >= 0; i--) {
            append(Character.forDigit((int) (value >>> (4 * i)) & 0xf, 16));
        }
    }

    /** Sends the line and reads the answer: {@code OK}, or {@code OK 0x12}. */
    private long finish() {
        append('\n');
        stream.write(out.address(), used);
        int n = 0;
        do {
            n += stream.read(in.address() + n, LINE - n);
        } while (in.get(JAVA_BYTE, n - 1) != '\n');
        if (n < 3 || in.get(JAVA_BYTE, 0) != 'O' || in.get(JAVA_BYTE, 1) != 'K') {
            throw new IllegalStateException(
                    "qtest answered " + text(in, n) + " to " + text(out, used));
        }
        long value = 0;
        for (int i = 5; i < n - 1; i++) {
            value = (value << 4) | Character.digit(in.get(JAVA_BYTE, i), 16);
        }
        return value;
    }

    private static String text(MemorySegment line, int length) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < length - 1; i++) {
            s.append((char) line.get(JAVA_BYTE, i));
        }
        return s.toString();
    }

    @Override
    public synchronized void close() {
        stream.close();
        arena.close();
    }
}
