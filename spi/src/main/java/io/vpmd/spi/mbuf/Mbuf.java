// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import static io.vpmd.spi.sys.Mapping.EVERYTHING;

import io.vpmd.spi.sys.Mapping;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A view of one buffer of a pool, and of the packet that starts in it. There is exactly one object
 * a buffer, made with the pool; nothing is allocated per packet.
 *
 * <p>Ownership: one owner at a time, no reference count. Who took it from a pool or got it from
 * {@code rxBurst} owns it, until it is handed to {@code txBurst} or freed. Only the owner may touch
 * it, from one thread at a time.
 *
 * <p>Offsets count from the start of the data of <em>this segment</em>, in bytes; multi-byte values
 * are in network byte order. An access outside the buffer throws {@link IndexOutOfBoundsException},
 * an access after the pool was closed {@link IllegalStateException}; an access outside the segment
 * is caught in debug mode only ({@code -Dvpmd.debug=true}).
 */
public final class Mbuf {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MbufPool pool;
    private final long address;
    private final long base;
    private final int handle;

    /* Bytes of the buffer that may be accessed: none once the pool is closed. */
    private int accessible;
    private int dataOffset;
    private int dataLength;
    private int packetLength;
    private int segments;
    private int nextHandle;
    private int port;
    private int flags;
    private int lengths;
    private int outerLengths;
    private int segmentSize;
    private int vlan;
    private int rssHash;
    private int packetType;
    private long timestamp;

    Mbuf(MbufPool pool, int index) {
        this.pool = pool;
        this.address = pool.addressOf(index);
        this.base = pool.offsetOf(index);
        this.handle = Pools.handle(pool.id(), index);
        this.accessible = pool.bufferSize();
        reset();
    }

    /** Makes this an empty single-segment packet with the pool's headroom and no metadata. */
    public void reset() {
        dataOffset = pool.headroom();
        dataLength = 0;
        packetLength = 0;
        segments = 1;
        nextHandle = 0;
        flags = 0;
        lengths = 0;
        outerLengths = 0;
        segmentSize = 0;
        packetType = 0;
    }

    /** The pool that this buffer belongs to for life. */
    public MbufPool pool() {
        return pool;
    }

    /** Position in the pool: from 0 on, with gaps where no buffer is. */
    public int index() {
        return Pools.index(handle);
    }

    /**
     * A number that names this buffer among those of all pools, never 0; {@link Pools#mbuf} is the
     * way back. Rings hold handles rather than references.
     */
    public int handle() {
        return handle;
    }

    /** Bytes from the start of the buffer to the start of the data. */
    public int dataOffset() {
        return dataOffset;
    }

    /** Bytes of data in this segment. */
    public int dataLength() {
        return dataLength;
    }

    /** Bytes of data in all segments; right in the first segment only. */
    public int packetLength() {
        return packetLength;
    }

    /** Number of segments of the packet; right in the first segment only. */
    public int segments() {
        return segments;
    }

    /** Bytes free before the data. */
    public int headroom() {
        return dataOffset;
    }

    /** Bytes free behind the data of this segment. */
    public int tailroom() {
        return pool.bufferSize() - dataOffset - dataLength;
    }

    /** The pool's memory; this segment's data starts at {@link #dataAddress()} in it. */
    public MemorySegment memory() {
        return pool.memory();
    }

    /** Byte offset of this segment's data in {@link #memory()} and in the pool's file. */
    public long dataAddress() {
        return base + dataOffset;
    }

    /**
     * For drivers: makes this a single-segment packet of {@code length} bytes at {@code offset}
     * from the start of the buffer, without any metadata but the receiving port.
     */
    public void received(int offset, int length, int fromPort) {
        unchain();
        received(offset, length, fromPort, 0, 0);
    }

    /** For drivers: the same with flags and packet type, for a buffer that was free until now. */
    public void received(int offset, int length, int fromPort, int rxFlags, int type) {
        dataOffset = offset;
        dataLength = length;
        packetLength = length;
        flags = rxFlags;
        packetType = type;
        port = fromPort;
    }

    /** The next segment of the same packet, or null in the last one. */
    public @Nullable Mbuf next() {
        return nextHandle == 0 ? null : Pools.mbuf(nextHandle);
    }

    /** {@link #handle()} of the next segment, or 0 in the last one. */
    public int nextHandle() {
        return nextHandle;
    }

    /**
     * Links {@code tail}, a packet of its own until now, behind {@code last}, the last segment of
     * this packet, and adds its length and segments. Call it on the first segment.
     */
    public void chain(Mbuf last, Mbuf tail) {
        last.nextHandle = tail.handle;
        segments += tail.segments;
        packetLength += tail.packetLength;
    }

    /**
     * Cuts the packet behind {@code last}, which is segment number {@code keep} of it, {@code
     * keepLength} bytes from its start. What follows is a packet of its own afterwards.
     *
     * @return the first segment of what was cut off, or null if there was nothing
     */
    public @Nullable Mbuf split(Mbuf last, int keep, int keepLength) {
        Mbuf rest = last.next();
        if (rest != null) {
            rest.segments = segments - keep;
            rest.packetLength = packetLength - keepLength;
            last.nextHandle = 0;
        }
        segments = keep;
        packetLength = keepLength;
        return rest;
    }

    /**
     * Grows the data of the last (here: only) segment at its end.
     *
     * @return offset of the new bytes
     * @throws IllegalArgumentException when the tailroom is smaller
     */
    public int append(int bytes) {
        if (bytes < 0 || bytes > tailroom()) {
            throw new IllegalArgumentException(
                    "append " + bytes + " bytes: the tailroom is " + tailroom() + " bytes");
        }
        int at = dataLength;
        dataLength += bytes;
        packetLength += bytes;
        return at;
    }

    /**
     * Grows the data at its start.
     *
     * @throws IllegalArgumentException when the headroom is smaller
     */
    public void prepend(int bytes) {
        if (bytes < 0 || bytes > dataOffset) {
            throw new IllegalArgumentException(
                    "prepend " + bytes + " bytes: the headroom is " + dataOffset + " bytes");
        }
        dataOffset -= bytes;
        dataLength += bytes;
        packetLength += bytes;
    }

    /**
     * Removes bytes from the start of the first segment.
     *
     * @throws IllegalArgumentException when the segment holds fewer
     */
    public void trimFront(int bytes) {
        checkTrim(bytes);
        dataOffset += bytes;
        dataLength -= bytes;
        packetLength -= bytes;
    }

    /**
     * Removes bytes from the end of a single-segment packet.
     *
     * @throws IllegalArgumentException when the segment holds fewer
     */
    public void trimBack(int bytes) {
        checkTrim(bytes);
        dataLength -= bytes;
        packetLength -= bytes;
    }

    private void checkTrim(int bytes) {
        if (bytes < 0 || bytes > dataLength) {
            throw new IllegalArgumentException(
                    "remove " + bytes + " bytes: the segment holds " + dataLength + " bytes");
        }
    }

    /** Number of the port that received the packet ({@code Port.id()}). */
    public int port() {
        return port;
    }

    public void setPort(int id) {
        port = id;
    }

    /** Offload flags, a union of {@link MbufFlags} constants. */
    public int flags() {
        return flags;
    }

    public void setFlags(int value) {
        flags = value;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Bytes of the link layer header, VLAN tags included; set with a Tx offload flag. */
    public int l2Length() {
        return lengths & 0xff;
    }

    /** Bytes of the network layer header with its options. */
    public int l3Length() {
        return (lengths >>> 8) & 0xffff;
    }

    /** Bytes of the transport header with its options; needed for segmentation only. */
    public int l4Length() {
        return lengths >>> 24;
    }

    /** All three lengths as one number, which is the same for packets that have the same. */
    public int headerLengths() {
        return lengths;
    }

    /** Sets the header lengths in bytes: l2 up to 255, l3 up to 65535, l4 up to 255. */
    public void setHeaderLengths(int l2, int l3, int l4) {
        lengths = l2 | l3 << 8 | l4 << 24;
    }

    /** Outer header lengths of a tunnel packet, packed like the inner ones; reserved, 0. */
    public int outerLengths() {
        return outerLengths;
    }

    /** TCP payload bytes of each segment that a packet with {@link MbufFlags#TX_TSO} becomes. */
    public int segmentSize() {
        return segmentSize;
    }

    public void setSegmentSize(int bytes) {
        segmentSize = bytes;
    }

    /** The VLAN tag (TCI: priority, DEI, id) that was stripped or is to be inserted. */
    public int vlan() {
        return vlan & 0xffff;
    }

    /** The outer tag of a QinQ pair. */
    public int outerVlan() {
        return vlan >>> 16;
    }

    public void setVlan(int tci, int outerTci) {
        vlan = (tci & 0xffff) | outerTci << 16;
    }

    /** Valid with {@link MbufFlags#RX_RSS_HASH}. */
    public int rssHash() {
        return rssHash;
    }

    public void setRssHash(int hash) {
        rssHash = hash;
    }

    /** What the port found in the headers, a {@link PacketType} combination; 0 unknown. */
    public int packetType() {
        return packetType;
    }

    public void setPacketType(int type) {
        packetType = type;
    }

    /** Nanoseconds of the port's clock; valid with {@link MbufFlags#RX_TIMESTAMP}. */
    public long timestamp() {
        return timestamp;
    }

    public void setTimestamp(long nanos) {
        timestamp = nanos;
    }

    /** Takes over all metadata of {@code other} but the data itself and the chain. */
    public void copyMetadata(Mbuf other) {
        port = other.port;
        flags = other.flags;
        lengths = other.lengths;
        outerLengths = other.outerLengths;
        segmentSize = other.segmentSize;
        vlan = other.vlan;
        rssHash = other.rssHash;
        packetType = other.packetType;
        timestamp = other.timestamp;
    }

    public byte byteAt(int offset) {
        return EVERYTHING.get(ValueLayout.JAVA_BYTE, at(offset));
    }

    /** The unsigned byte at {@code offset}. */
    public int u8At(int offset) {
        return byteAt(offset) & 0xff;
    }

    /** The unsigned 16-bit value at {@code offset}. */
    public int u16At(int offset) {
        return EVERYTHING.get(SHORT, at(offset, 2)) & 0xffff;
    }

    public int intAt(int offset) {
        return EVERYTHING.get(INT, at(offset, 4));
    }

    public long longAt(int offset) {
        return EVERYTHING.get(LONG, at(offset, 8));
    }

    public void putByte(int offset, int value) {
        EVERYTHING.set(ValueLayout.JAVA_BYTE, at(offset), (byte) value);
    }

    public void putShort(int offset, int value) {
        EVERYTHING.set(SHORT, at(offset, 2), (short) value);
    }

    public void putInt(int offset, int value) {
        EVERYTHING.set(INT, at(offset, 4), value);
    }

    public void putLong(int offset, long value) {
        EVERYTHING.set(LONG, at(offset, 8), value);
    }

    /** Copies {@code length} bytes of {@code from} into this segment's data. */
    public void putBytes(int offset, byte[] from, int at, int length) {
        MemorySegment.copy(from, at, EVERYTHING, ValueLayout.JAVA_BYTE, at(offset, length), length);
    }

    /** Copies {@code length} bytes of this segment's data into {@code into}. */
    public void bytes(int offset, byte[] into, int at, int length) {
        MemorySegment.copy(EVERYTHING, ValueLayout.JAVA_BYTE, at(offset, length), into, at, length);
    }

    /** Copies data between two buffers; the ranges may not overlap in one buffer. */
    public void copyFrom(Mbuf source, int sourceOffset, int offset, int length) {
        MemorySegment.copy(
                EVERYTHING,
                source.at(sourceOffset, length),
                EVERYTHING,
                at(offset, length),
                length);
    }

    /**
     * Gives the packet with all its segments back to their pools. Safe from any thread, one
     * compare-and-set a segment: a burst loop uses {@link MbufRecycler} or {@link MbufCache}.
     */
    public void free() {
        @Nullable Mbuf segment = this;
        // Handles of a closed pool may name buffers of another one by now.
        while (segment != null && !segment.pool.unmapped()) {
            Mbuf following = segment.next();
            segment.unchain();
            segment.pool.free(segment);
            segment = following;
        }
    }

    /** What is done to each segment of a chain that is freed: a free buffer is single. */
    void unchain() {
        segments = 1;
        nextHandle = 0;
    }

    /** Refuses access to the data from now on: the pool is closed. */
    void close() {
        accessible = 0;
    }

    /**
     * The address of data, checked: an access then costs one load, not the five of a segment that
     * can be closed. No harm is done by one that goes on while the pool closes, since its addresses
     * stay the pool's kind.
     */
    private long at(int offset, int length) {
        if (MbufPool.DEBUG) {
            checkOwner(offset, length);
        }
        int from = dataOffset + offset;
        // Negative when the bytes begin before the buffer or end behind it.
        if ((from | (accessible - length - from)) < 0) {
            throw pool.refusal(from, length);
        }
        return Mapping.address(address + from);
    }

    /** The same for a single byte, where one comparison does. */
    private long at(int offset) {
        if (MbufPool.DEBUG) {
            checkOwner(offset, 1);
        }
        int from = dataOffset + offset;
        if (Integer.compareUnsigned(from, accessible) >= 0) {
            throw pool.refusal(from, 1);
        }
        return Mapping.address(address + from);
    }

    private void checkOwner(int offset, int length) {
        pool.checkTaken(this);
        if (offset < 0 || offset + length > dataLength) {
            throw new IndexOutOfBoundsException(
                    "bytes "
                            + offset
                            + " to "
                            + (offset + length)
                            + " of a segment of "
                            + dataLength
                            + " bytes");
        }
    }

    @Override
    public String toString() {
        return "Mbuf["
                + pool.name()
                + " #"
                + index()
                + ", "
                + packetLength
                + " bytes, "
                + segments
                + " segments]";
    }
}
