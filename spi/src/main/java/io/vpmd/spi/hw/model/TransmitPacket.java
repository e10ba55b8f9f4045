// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

import java.util.Arrays;

/**
 * The packet that a transmit queue puts together from advanced descriptors, and the two contexts
 * that the queue remembers, as the gigabit and ten-gigabit families have them. One thread;
 * allocates nothing.
 */
public final class TransmitPacket {
    /** What the device's registers say of all packets. */
    public interface Settings {
        /** TCP flags that the first segment of a packet keeps, the others below. */
        int firstFlags();

        int middleFlags();

        int lastFlags();

        /** Where a VLAN tag is put in: 12, or 16 behind an outer one. */
        int tagOffset();

        /** EtherType of that tag. */
        int tagType();
    }

    /** What becomes of packets, beside the frames themselves. */
    public interface Events {
        /** A packet was dropped because its lengths contradict each other. */
        void badLength();

        /** A packet was cut into segments. */
        void segmented();
    }

    private static final int CONTEXTS = 2;
    private static final int MAX_PACKET = 1 << 18;
    private static final long VLE = 1L << 30;
    private static final long TSE = 1L << 31;
    private static final long IXSM = 1L << 40;
    private static final long TXSM = 1L << 41;
    private static final int IPV4 = 1 << 10;

    private final DeviceModel device;
    private final Settings settings;
    private final Events events;
    private final TransmitOffload.Sink out;
    private final TransmitOffload offload = new TransmitOffload();
    private final long[] lows = new long[CONTEXTS];
    private final long[] highs = new long[CONTEXTS];
    private final byte[] packet = new byte[MAX_PACKET];
    private final byte[] tagged = new byte[1 << 16];
    private int length;
    private long command;
    private boolean begun;

    /**
     * Nothing begun, no context known.
     *
     * @param out takes the frames that packets become
     */
    public TransmitPacket(
            DeviceModel device, Settings settings, Events events, TransmitOffload.Sink out) {
        this.device = device;
        this.settings = settings;
        this.events = events;
        this.out = out;
    }

    public void reset() {
        length = 0;
        begun = false;
        Arrays.fill(highs, 0);
    }

    /** A context descriptor: it holds for the packets after it. */
    public void context(long low, long high) {
        int index = index(high);
        if (index >= CONTEXTS) {
            violation("a context beyond the two of a queue");
            return;
        }
        lows[index] = low;
        highs[index] = high;
    }

    private void violation(String what) {
        device.violations().add(what);
    }

    private static int index(long high) {
        return (int) (high >>> 36) & 7;
    }

    /** A data descriptor: false when its buffer cannot be read. */
    public boolean add(long low, long high) {
        if (!begun) {
            begun = true;
            length = 0;
            command = high;
        }
        int bytes = (int) high & 0xffff;
        if (length + bytes > MAX_PACKET) {
            violation("a packet of more than 256 KiB");
            return true;
        }
        if (!device.dma().read(low, packet, length, bytes)) {
            begun = false;
            return false;
        }
        length += bytes;
        return true;
    }

    /** The packet is whole. */
    public void end() {
        begun = false;
        int payload = (int) (command >>> 46);
        boolean segment = (command & TSE) != 0;
        boolean ip = (command & IXSM) != 0;
        boolean l4 = (command & TXSM) != 0;
        if ((segment || ip || l4 || (command & VLE) != 0) && !prepare()) {
            return;
        }
        if (payload != (segment ? length - offload.headers() : length)) {
            violation("PAYLEN is not the length of the packet");
            events.badLength();
            return;
        }
        if (!segment) {
            if (!offload.fits(length, ip, l4)) {
                violation("header lengths beyond the packet");
                return;
            }
            offload.checksums(packet, length, ip, l4);
            frame(packet, length);
            return;
        }
        offload.segment(packet, length, ip, l4, this::frame);
        events.segmented();
    }

    /** Takes the context that the packet names. */
    private boolean prepare() {
        int index = index(command);
        if (index >= CONTEXTS || highs[index] == 0) {
            violation("a packet whose context was not given");
            return false;
        }
        long low = lows[index];
        long high = highs[index];
        int macLength = (int) (low >>> 9) & 0x7f;
        int ipLength = (int) low & 0x1ff;
        offload.context(macLength, ipLength, (high & IPV4) != 0, (int) (high >>> 11) & 3);
        offload.segmentation(
                (int) (high >>> 40) & 0xff,
                (int) (high >>> 48) & 0xffff,
                settings.firstFlags(),
                settings.middleFlags(),
                settings.lastFlags());
        boolean cut = (command & TSE) != 0;
        if (cut && (high >>> 48 == 0 || offload.headers() > length)) {
            violation("segmentation without a segment size or whole headers");
            return false;
        }
        return true;
    }

    /** Puts the tag in and passes the frame on. */
    private void frame(byte[] bytes, int size) {
        if ((command & VLE) == 0) {
            out.frame(bytes, size);
            return;
        }
        int at = settings.tagOffset();
        int type = settings.tagType();
        int tag = (int) (lows[index(command)] >>> 16) & 0xffff;
        System.arraycopy(bytes, 0, tagged, 0, at);
        System.arraycopy(bytes, at, tagged, at + 4, size - at);
        tagged[at] = (byte) (type >>> 8);
        tagged[at + 1] = (byte) type;
        tagged[at + 2] = (byte) (tag >>> 8);
        tagged[at + 3] = (byte) tag;
        out.frame(tagged, size + 4);
    }
}
