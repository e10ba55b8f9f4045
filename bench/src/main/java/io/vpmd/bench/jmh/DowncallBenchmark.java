// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.jmh;

import io.vpmd.spi.sys.BurstCalls;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.EventFd;
import io.vpmd.spi.sys.Libc;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What a system call costs from Java, per call. bench/reference/taploop has the same in C. */
@State(Scope.Thread)
public class DowncallBenchmark extends Measured {
    private static final long SYS_GETPPID = 110;
    private static final int FRAME = 64;

    private final EventFd empty = new EventFd();
    private final MemorySegment buffer = Arena.ofAuto().allocate(FRAME, 64);
    private final long address = buffer.address();
    private int sink;

    /** Opens /dev/null. */
    @Setup
    public void open() {
        sink = ErrnoException.check(Libc.open("/dev/null", Libc.O_WRONLY, 0), "open", "/dev/null");
    }

    /** Closes it. */
    @TearDown
    public void close() {
        Libc.close(sink);
        empty.close();
    }

    /** The least that the kernel can do. */
    @Benchmark
    public int getppid() {
        return Libc.syscall(SYS_GETPPID, 0, 0, 0);
    }

    /** A read that fails with EAGAIN, as an idle TAP queue gives it, as bursts call it. */
    @Benchmark
    public int emptyRead() {
        return BurstCalls.read(empty.fd(), address, 8);
    }

    /** A write that costs the kernel nothing, as bursts call it. */
    @Benchmark
    public int writeToNull() {
        return BurstCalls.write(sink, address, FRAME);
    }

    /** The same as the control path calls it: errno is kept. */
    @Benchmark
    public int writeToNullKeepingErrno() {
        return Libc.write(sink, buffer, FRAME);
    }
}
