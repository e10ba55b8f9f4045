// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

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
