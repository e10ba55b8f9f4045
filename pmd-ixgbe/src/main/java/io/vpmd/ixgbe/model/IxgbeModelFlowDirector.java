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
 * The flow director with perfect-match filters, 7.1.2.7. Filters are found by their contents: that
 * a driver has put them into the right bucket is not checked. In signature mode commands are
 * carried out without an effect.
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
    private static final int MASK_VLAN_ID = 1;
    private static final int MASK_VLAN_PRIORITY = 1 << 1;
    private static final int MASK_TYPE = 1 << 3;
    private static final int MASK_FLEX = 1 << 4;
    /* For each 64 KB of packet buffer. */
    private static final int FILTERS = 2048;

    /** A filter: what it compares, what it does. */
    private record Filter(
            int source, int destination, int ports, int vlan, int command, int hash) {}

    private final IxgbeModel model;
    private final RegisterFile regs;
    private final Map<Integer, Filter> filters = new LinkedHashMap<>();
    private @Nullable Filter matched;

    IxgbeModelFlowDirector(IxgbeModel model) {
        this.model = model;
        regs = model.registers();
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

    private static int capacity(int control) {
        int allocation = control & ALLOCATION;
        return allocation == 0 ? 0 : (FILTERS << (allocation - 1)) - 2;
    }

    private int command(int written) {
        if ((written & CLEAR) != 0) {
            filters.clear();
        }
        int hash = regs.get(FDIRHASH);
        int done = written & ~COMMAND;
        if ((regs.get(FDIRCTRL) & PERFECT) == 0) {
            return done;
        }
        switch (written & COMMAND) {
            case ADD -> add(hash, written);
            case REMOVE -> filters.remove(hash);
            case QUERY ->
                    done = filters.containsKey(hash) ? done | FILTER_VALID : done & ~FILTER_VALID;
            default -> {}
        }
        regs.set(FDIRFREE, capacity(regs.get(FDIRCTRL)) - filters.size());
        return done;
    }

    private void add(int hash, int command) {
        if ((command & IPV6) != 0) {
            model.violations().add("a perfect filter for IPv6");
            return;
        }
        filters.put(
                hash,
                new Filter(
                        regs.get(FDIRIPSA),
                        regs.get(FDIRIPDA),
                        regs.get(FDIRPORT),
                        regs.get(FDIRVLAN),
                        command,
                        hash));
    }

    private boolean enabled() {
        int control = regs.get(FDIRCTRL);
        return (control & ALLOCATION) != 0 && (control & PERFECT) != 0;
    }

    /**
     * Looks for the filter that a packet matches.
     *
     * @param tag of the packet, 0 for none
     */
    boolean matches(FrameHeaders h, byte[] frame, int tag) {
        matched = null;
        if (!enabled() || !h.ipv4() || h.fragment()) {
            return false;
        }
        int type = h.tcp() ? TYPE_TCP : h.udp() ? TYPE_UDP : h.sctp() ? TYPE_SCTP : 0;
        int source = word(frame, h.addresses());
        int destination = word(frame, h.addresses() + 4);
        int ports = type == 0 ? 0 : ports(frame, h.l4());
        int portMask = type == 0 ? 0 : portMask(type);
        int mask = regs.get(FDIRM);
        int tagMask =
                ((mask & MASK_VLAN_ID) == 0 ? 0x0fff : 0)
                        | ((mask & MASK_VLAN_PRIORITY) == 0 ? 0xe000 : 0);
        for (Filter f : filters.values()) {
            boolean same = ((f.command ^ type) & TYPE) == 0 || (mask & MASK_TYPE) != 0;
            if (same
                    && ((f.source ^ source) & ~regs.get(FDIRSIP4M)) == 0
                    && ((f.destination ^ destination) & ~regs.get(FDIRDIP4M)) == 0
                    && ((f.ports ^ ports) & portMask) == 0
                    && ((f.vlan ^ tag) & tagMask) == 0
                    && ((mask & MASK_FLEX) != 0 || f.vlan >>> 16 == 0)) {
                matched = f;
                break;
            }
        }
        regs.set(
                matched == null ? FDIRMISS : FDIRMATCH,
                regs.get(matched == null ? FDIRMISS : FDIRMATCH) + 1);
        return matched != null;
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

    int queue() {
        return found().command >>> 16 & 0x7f;
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
