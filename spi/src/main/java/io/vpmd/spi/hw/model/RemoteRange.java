// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Memory that somebody else has, who does each access. */
final class RemoteRange extends DmaRange {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final DmaSpace.Remote remote;
    private final byte[] word = new byte[Long.BYTES];

    RemoteRange(long from, long bytes, DmaSpace.Remote remote, boolean writable) {
        super(from, bytes, writable);
        this.remote = remote;
    }

    @Override
    long word(long address) {
        read(address, word, 0, Long.BYTES);
        return (long) LONG.get(word, 0);
    }

    @Override
    void putWord(long address, long value) {
        LONG.set(word, 0, value);
        write(address, word, 0, Long.BYTES);
    }

    @Override
    void putInt(long address, int value) {
        INT.set(word, 0, value);
        write(address, word, 0, Integer.BYTES);
    }

    @Override
    void read(long address, byte[] into, int at, int length) {
        check(remote.read(address, into, at, length));
    }

    @Override
    void write(long address, byte[] bytes, int at, int length) {
        check(remote.write(address, bytes, at, length));
    }

    private static void check(boolean done) {
        if (!done) {
            throw new IllegalStateException("the other end has not done it");
        }
    }
}
