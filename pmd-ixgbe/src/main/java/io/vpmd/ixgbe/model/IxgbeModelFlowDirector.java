// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import static io.vpmd.ixgbe.model.IxgbeModelRegs.*;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.model.FrameHeaders;
import io.vpmd.spi.hw.model.RegisterFile;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The flow director, 7.1.2.7. Perfect filters are found by their contents: that a driver has put
 * them into the right bucket is not checked. Signature filters are found by the packet's hashes.
 */
final class IxgbeModelFlowDirector {
    private static final int ALLOCATION = 3;
    private static final int PERFECT = 1 << 4;
    private static final int REPORT = 1 << 5;
    private static final int COMMAND = 3;
    private static final int ADD = 1;
    private static final int REMOVE = 2;
    private static final int QUERY = 3;
    private static final int FILTER_VALID = 1 << 2;
    private static final int TYPE = 0x60;
    private static final int TYPE_UDP = 0x20;
    private static final int TYPE_TCP = 0x40;
    private static final int TYPE_SCTP = 0x60;
    private static final int IPV6 = 0x80;
    private static final int CLEAR = 1 << 8;
    private static final int DROP = 1 << 9;
    private static final int MASK_TYPE = 1 << 3;
    private static final int MASK_FLEX = 1 << 4;
    private static final int UPDATE = 1 << 3;
    private static final int QUEUE_ENABLE = 1 << 15;
    /* Filters in 64 KB of packet buffer. */
    private static final int PERFECT_FILTERS = 2048;
    private static final int SIGNATURE_FILTERS = 8192;
    private static final int SIGNATURE = 0x7fff_0000;
    private static final int PERFECT_KEY = 0x7fff_1fff;
    private static final int FREE = 0xffff;
    private static final int THRESHOLD_SHIFT = 28;
    private static final int THRESHOLD_UNIT = 16;
    /* Halves of FDIRUSTAT and FDIRFSTAT. */
    private static final int ADDED = 1;
    private static final int REMOVED = 1 << 16;

    /** A filter: what it compares, what it does. */
    private record Filter(
            int source, int destination, int ports, int vlan, int command, int hash) {}

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final Map<Integer, Filter> filters = new LinkedHashMap<>();
    private final IxgbeModelFlowHash hashes;
    private @Nullable Filter matched;
    private boolean looked;

    IxgbeModelFlowDirector(IxgbeModel model) {
        this.model = model;
        regs = model.registers();
        hashes = new IxgbeModelFlowHash(regs);
        regs.onWrite(FDIRCTRL, (_, _, written) -> initialize(written))
                .onWrite(FDIRCMD, (_, _, written) -> command(written));
    }

    void reset() {
        filters.clear();
    }

    /** How many filters there are. */
    int size() {
        return filters.size();
    }

    private int initialize(int written) {
        filters.clear();
        regs.set(FDIRFREE, capacity(written));
        return written | FDIRCTRL_INIT_DONE;
    }

    private static boolean perfect(int control) {
        return (control & PERFECT) != 0;
    }

    /** Two entries are the device's own. */
    private static int capacity(int control) {
        int allocation = control & ALLOCATION;
        int least = perfect(control) ? PERFECT_FILTERS : SIGNATURE_FILTERS;
        return allocation == 0 ? 0 : (least << (allocation - 1)) - 2;
    }

    /** Signature filters have more buckets in a larger table. */
    private static int buckets(int control) {
        return (SIGNATURE_FILTERS << Math.max(0, (control & ALLOCATION) - 1)) - 1;
    }

    private int command(int written) {
        int control = regs.get(FDIRCTRL);
        if ((written & CLEAR) != 0) {
            filters.clear();
        }
        int key =
                regs.get(FDIRHASH)
                        & (perfect(control) ? PERFECT_KEY : SIGNATURE | buckets(control));
        int done = written & ~COMMAND;
        switch (written & COMMAND) {
            case ADD -> add(key, written, control);
            case REMOVE -> count(filters.remove(key) != null, REMOVED);
            case QUERY ->
                    done = filters.containsKey(key) ? done | FILTER_VALID : done & ~FILTER_VALID;
            default -> {}
        }
        setFree(control);
        return done;
    }

    /** Whether a command was carried out, or was in vain. */
    private void count(boolean carriedOut, int which) {
        Register r = carriedOut ? FDIRUSTAT : FDIRFSTAT;
        regs.set(r, regs.get(r) + which);
    }

    /** The interrupt comes when the table gets nearly full, not while it is. */
    private void setFree(int control) {
        int before = regs.get(FDIRFREE) & FREE;
        int now = capacity(control) - filters.size();
        int threshold = (control >>> THRESHOLD_SHIFT) * THRESHOLD_UNIT;
        regs.set(FDIRFREE, now);
        if (now < threshold && before >= threshold) {
            model.interrupts().other(EICR_FLOW_DIR);
        }
    }

    private void add(int key, int command, int control) {
        if (perfect(control) && (command & IPV6) != 0) {
            model.violations().add("a perfect filter for IPv6");
            return;
        }
        boolean there = filters.containsKey(key);
        boolean takes = there ? (command & UPDATE) != 0 : filters.size() < capacity(control);
        count(takes, ADDED);
        if (takes) {
            filters.put(
                    key,
                    new Filter(
                            regs.get(FDIRIPSA),
                            regs.get(FDIRIPDA),
                            regs.get(FDIRPORT),
                            regs.get(FDIRVLAN),
                            command,
                            key));
        }
    }

    private boolean enabled() {
        return (regs.get(FDIRCTRL) & ALLOCATION) != 0;
    }

    /**
     * Looks for the filter that a packet matches.
     *
     * @param tag of the packet, 0 for none
     */
    boolean matches(FrameHeaders h, byte[] frame, int tag) {
        forget();
        if (!enabled() || !(h.ipv4() || h.ipv6())) {
            return false;
        }
        int control = regs.get(FDIRCTRL);
        if (!perfect(control)) {
            matched = filters.get(hashes.of(h, frame, tag, buckets(control)));
        } else if (h.ipv4() && !h.fragment()) {
            matched = perfectMatch(h, frame, tag);
        } else {
            return false;
        }
        looked = true;
        return matched != null;
    }

    /** Another packet is looked at, or the same once more. */
    void forget() {
        matched = null;
        looked = false;
    }

    /** The packet is received: whether it had a filter is counted once, however long it waited. */
    void count() {
        if (looked) {
            Register counter = matched == null ? FDIRMISS : FDIRMATCH;
            regs.set(counter, regs.get(counter) + 1);
            forget();
        }
    }

    private @Nullable Filter perfectMatch(FrameHeaders h, byte[] frame, int tag) {
        int type = h.tcp() ? TYPE_TCP : h.udp() ? TYPE_UDP : h.sctp() ? TYPE_SCTP : 0;
        int source = word(frame, h.addresses());
        int destination = word(frame, h.addresses() + 4);
        int ports = type == 0 ? 0 : ports(frame, h.l4());
        int portMask = type == 0 ? 0 : portMask(type);
        int mask = regs.get(FDIRM);
        int tagMask = IxgbeModelFlowHash.tagBits(mask);
        for (Filter f : filters.values()) {
            boolean same = ((f.command ^ type) & TYPE) == 0 || (mask & MASK_TYPE) != 0;
            if (same
                    && ((f.source ^ source) & ~regs.get(FDIRSIP4M)) == 0
                    && ((f.destination ^ destination) & ~regs.get(FDIRDIP4M)) == 0
                    && ((f.ports ^ ports) & portMask) == 0
                    && ((f.vlan ^ tag) & tagMask) == 0
                    && ((mask & MASK_FLEX) != 0 || f.vlan >>> 16 == 0)) {
                return f;
            }
        }
        return null;
    }

    /** The first byte on the wire is the lowest. */
    private static int word(byte[] frame, int at) {
        int word = 0;
        for (int i = 3; i >= 0; i--) {
            word = word << 8 | (frame[at + i] & 0xff);
        }
        return word;
    }

    private static int ports(byte[] frame, int at) {
        int source = (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
        return (frame[at + 2] & 0xff) << 24 | (frame[at + 3] & 0xff) << 16 | source;
    }

    /** Bits of a port that are compared: each half of the register is in the reverse order. */
    private int portMask(int type) {
        Register register = type == TYPE_TCP ? FDIRTCPM : type == TYPE_UDP ? FDIRUDPM : FDIRSCTPM;
        int reversed = Integer.reverse(~regs.get(register));
        return reversed << 16 | reversed >>> 16;
    }

    private Filter found() {
        if (matched == null) {
            throw new IllegalStateException("no filter matched");
        }
        return matched;
    }

    /** Whether the packet that matched is dropped. */
    boolean drops() {
        return (found().command & DROP) != 0;
    }

    /** The queue of the filter that matched, unless that leaves it to others. */
    int queue(int otherwise) {
        int command = found().command;
        return (command & QUEUE_ENABLE) != 0 ? command >>> 16 & 0x7f : otherwise;
    }

    /** Whether the descriptor says which filter it was, instead of the hash. */
    boolean reports() {
        return (regs.get(FDIRCTRL) & REPORT) != 0;
    }

    /** Bucket and number of the filter, as the descriptor has them. */
    int report() {
        return found().hash;
    }
}
