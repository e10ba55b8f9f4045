// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.PortException;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/**
 * A pcapng file and the thread that writes it. Burst threads hand over blocks through {@link
 * CaptureRing}s, one for each queue and direction; the writer merges them by time.
 */
final class CaptureFile implements AutoCloseable {
    private static final Logger LOG = System.getLogger(CaptureFile.class.getName());
    private static final int BUFFER_BYTES = 1 << 18;
    private static final long SHORTEST_NAP_NANOS = 1_000_000;
    private static final long LONGEST_NAP_NANOS = 8_000_000;
    private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

    private final String name;
    private final FileChannel channel;
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final List<CaptureRing> rings = new CopyOnWriteArrayList<>();
    private final Thread writer;
    private final long epochMinusNanoTime;
    private volatile boolean closing;
    private volatile boolean failed;
    private long earlierPackets;
    private long earlierDropped;
    private long unwritten;
    private int inBuffer;

    private CaptureFile(String name, FileChannel channel) {
        this.name = name;
        this.channel = channel;
        Instant now = Instant.now();
        epochMinusNanoTime =
                now.getEpochSecond() * 1_000_000_000L + now.getNano() - System.nanoTime();
        writer = Thread.ofPlatform().daemon().name("vpmd-capture").unstarted(this::run);
    }

    /**
     * Creates or empties a file and begins it.
     *
     * @param port whose packets these are, for the file
     * @throws PortException when the file cannot be written
     */
    static CaptureFile create(String path, String decorator, String port, int snapLength) {
        try {
            FileChannel channel =
                    FileChannel.open(
                            Path.of(path),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.TRUNCATE_EXISTING);
            CaptureFile file = new CaptureFile(path, channel);
            Pcapng.begin(file.buffer, port, snapLength);
            file.writeBuffer();
            file.writer.start();
            return file;
        } catch (IOException | InvalidPathException e) {
            throw new PortException(
                    "open", decorator, "cannot write " + path + ": " + e, "name another file", e);
        }
    }

    /** The time for packets of a burst that happens now, in nanoseconds since 1970. */
    long nowNanos() {
        return System.nanoTime() + epochMinusNanoTime;
    }

    void add(CaptureRing ring) {
        rings.add(ring);
    }

    /** Packets that passed. */
    synchronized long packets() {
        return earlierPackets + rings.stream().mapToLong(CaptureRing::packets).sum();
    }

    /** Packets that passed and are not in the file, for want of room or because it failed. */
    synchronized long dropped() {
        return earlierDropped + unwritten + rings.stream().mapToLong(CaptureRing::dropped).sum();
    }

    private void run() {
        long nap = SHORTEST_NAP_NANOS;
        while (true) {
            boolean last = closing;
            boolean moved = drain();
            if (last && !moved) {
                return;
            }
            nap = moved ? SHORTEST_NAP_NANOS : Math.min(2 * nap, LONGEST_NAP_NANOS);
            if (!last) {
                LockSupport.parkNanos(nap);
            }
        }
    }

    /** Writes what is published at this moment, oldest first. */
    private boolean drain() {
        CaptureRing[] now = rings.toArray(CaptureRing[]::new);
        long[] limits = new long[now.length];
        for (int i = 0; i < now.length; i++) {
            limits[i] = now[i].limit();
        }
        boolean moved = false;
        int next = oldest(now, limits);
        while (next >= 0) {
            if (!now[next].move(buffer, limits[next])) {
                tryWriteBuffer();
                continue;
            }
            inBuffer++;
            moved = true;
            next = oldest(now, limits);
        }
        tryWriteBuffer();
        for (CaptureRing ring : now) {
            if (ring.done()) {
                retire(ring);
            }
        }
        return moved;
    }

    private synchronized void retire(CaptureRing ring) {
        earlierPackets += ring.packets();
        earlierDropped += ring.dropped();
        rings.remove(ring);
    }

    private static int oldest(CaptureRing[] rings, long[] limits) {
        int found = -1;
        long time = Long.MAX_VALUE;
        for (int i = 0; i < rings.length; i++) {
            long t = rings[i].oldestNanos(limits[i]);
            if (t < time) {
                time = t;
                found = i;
            }
        }
        return found;
    }

    private void tryWriteBuffer() {
        try {
            if (!failed) {
                writeBuffer();
            }
        } catch (IOException e) {
            failed = true;
            LOG.log(Level.WARNING, "the capture " + name + " ends here: " + e);
        }
        buffer.clear();
        if (failed) {
            countUnwritten();
        }
        inBuffer = 0;
    }

    private synchronized void countUnwritten() {
        unwritten += inBuffer;
    }

    private void writeBuffer() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** Writes what is left and the statistics. Idempotent. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(writer);
        boolean interrupted = Thread.interrupted();
        try {
            writer.join(CLOSE_TIMEOUT_MILLIS);
            if (!writer.isAlive() && channel.isOpen()) {
                Pcapng.statistics(buffer, nowNanos(), packets(), dropped());
                tryWriteBuffer();
            }
            channel.close();
        } catch (InterruptedException _) {
            interrupted = true;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "closing the capture " + name + ": " + e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
