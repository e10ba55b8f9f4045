// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import static io.vpmd.igb.model.IgbModelRegs.*;

import io.vpmd.igb.model.IgbModelStats.Count;
import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.TransmitOffload;

/** The packet that a queue is putting together, and the two contexts it remembers, 7.2.2. */
final class IgbModelTxPacket {
    private static final int CONTEXTS = 2;
    private static final int MAX_PACKET = 1 << 18;
    private static final long VLE = 1L << 30;
    private static final long TSE = 1L << 31;
    private static final long IXSM = 1L << 40;
    private static final long TXSM = 1L << 41;
    private static final int IPV4 = 1 << 10;

    private final IgbModel model;
    private final RegisterFile regs;
    private final TransmitOffload.Sink out;
    private final TransmitOffload offload = new TransmitOffload();
    private final long[] lows = new long[CONTEXTS];
    private final long[] highs = new long[CONTEXTS];
    private final byte[] packet = new byte[MAX_PACKET];
    private final byte[] tagged = new byte[1 << 16];
    private int length;
    private long command;
    private boolean begun;

    IgbModelTxPacket(IgbModel model, TransmitOffload.Sink out) {
        this.model = model;
        this.regs = model.registers();
        this.out = out;
    }

    void reset() {
        length = 0;
        begun = false;
        java.util.Arrays.fill(highs, 0);
    }

    /** A context descriptor: it holds for the packets after it. */
    void context(long low, long high) {
        int index = index(high);
        if (index >= CONTEXTS) {
            model.violations().add("a context beyond the two of a queue");
            return;
        }
        lows[index] = low;
        highs[index] = high;
    }

    private static int index(long high) {
        return (int) (high >>> 36) & 7;
    }

    /** A data descriptor: false when its buffer cannot be read. */
    boolean add(long low, long high) {
        if (!begun) {
            begun = true;
            length = 0;
            command = high;
        }
        int bytes = (int) high & 0xffff;
        if (length + bytes > MAX_PACKET) {
            model.violations().add("a packet of more than 256 KiB");
            return true;
        }
        if (!model.dma().read(low, packet, length, bytes)) {
            begun = false;
            return false;
        }
        length += bytes;
        return true;
    }

    /** The packet is whole. */
    void end() {
        begun = false;
        int payload = (int) (command >>> 46);
        boolean segment = (command & TSE) != 0;
        boolean ip = (command & IXSM) != 0;
        boolean l4 = (command & TXSM) != 0;
        if ((segment || ip || l4 || (command & VLE) != 0) && !prepare()) {
            return;
        }
        if (payload != (segment ? length - offload.headers() : length)) {
            model.violations().add("PAYLEN is not the length of the packet");
            model.stats().add(Count.LENERRS);
            return;
        }
        if (!segment) {
            if (!offload.fits(length, ip, l4)) {
                model.violations().add("header lengths beyond the packet");
                return;
            }
            offload.checksums(packet, length, ip, l4);
            frame(packet, length);
            return;
        }
        offload.segment(packet, length, ip, l4, this::frame);
        model.stats().add(Count.TSCTC);
    }

    /** Takes the context that the packet names. */
    private boolean prepare() {
        int index = index(command);
        if (index >= CONTEXTS || highs[index] == 0) {
            model.violations().add("a packet whose context was not given");
            return false;
        }
        long low = lows[index];
        long high = highs[index];
        int macLength = (int) (low >>> 9) & 0x7f;
        int ipLength = (int) low & 0x1ff;
        offload.context(macLength, ipLength, (high & IPV4) != 0, (int) (high >>> 11) & 3);
        int flagsLow = regs.get(DTXTCPFLGL);
        offload.segmentation(
                (int) (high >>> 40) & 0xff,
                (int) (high >>> 48) & 0xffff,
                flagsLow & 0xfff,
                flagsLow >>> 16 & 0xfff,
                regs.get(DTXTCPFLGH) & 0xfff);
        boolean cut = (command & TSE) != 0;
        if (cut && (high >>> 48 == 0 || offload.headers() > length)) {
            model.violations().add("segmentation without a segment size or whole headers");
            return false;
        }
        return true;
    }

    /** Puts the tag in, behind an outer one in extended mode, and passes the frame on. */
    private void frame(byte[] bytes, int size) {
        if ((command & VLE) == 0) {
            out.frame(bytes, size);
            return;
        }
        boolean extended = (regs.get(CTRL_EXT) & CTRL_EXT_EXTENDED_VLAN) != 0;
        int at = extended ? 16 : 12;
        int type = regs.get(VET) & 0xffff;
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
