// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import io.vpmd.spi.hw.model.Wire;
import io.vpmd.spi.wire.Ethernet;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A frame as it left a port. */
public final class WireFrame {
    private final byte[] bytes;
    private final boolean partialChecksum;
    private final int segmentSize;

    /**
     * A frame with what the other side was told about it.
     *
     * @param bytes from the destination address on, without the frame check sequence; kept
     * @param partialChecksum whether the transport checksum field holds the pseudo-header sum only
     * @param segmentSize TCP payload bytes of the segments that are to be made of it, 0 for a frame
     *     that is complete
     */
    public WireFrame(byte[] bytes, boolean partialChecksum, int segmentSize) {
        this.bytes = bytes;
        this.partialChecksum = partialChecksum;
        this.segmentSize = segmentSize;
    }

    /** A complete frame. */
    public WireFrame(byte[] bytes) {
        this(bytes, false, 0);
    }

    /** A complete frame without the padding that a MAC has added to it. */
    public static WireFrame unpadded(byte[] frame) {
        return new WireFrame(Arrays.copyOf(frame, length(frame)));
    }

    private static int length(byte[] frame) {
        if (frame.length > Wire.MIN_FRAME) {
            return frame.length;
        }
        ByteBuffer b = ByteBuffer.wrap(frame);
        int type = b.getShort(12) == (short) Ethernet.TYPE_VLAN ? 16 : 12;
        return switch (b.getShort(type) & 0xffff) {
            case Ethernet.TYPE_IPV4 -> type + 2 + b.getShort(type + 4);
            case Ethernet.TYPE_IPV6 -> type + 42 + b.getShort(type + 6);
            default -> frame.length;
        };
    }

    /** The frame itself, not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    public boolean partialChecksum() {
        return partialChecksum;
    }

    public int segmentSize() {
        return segmentSize;
    }
}
