// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static io.vpmd.igb.IgbRegs.*;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.MacFilters;
import io.vpmd.spi.hw.Registers;

import java.util.LinkedHashSet;
import java.util.Set;

/** Exact addresses in RAL and RAH, 7.1.2.1.1, and the hash table MTA for multicast, 7.1.2.1.3. */
final class IgbAddresses implements MacFilters {
    /* Receive addresses come in two arrays. */
    private static final int FIRST_ARRAY = 16;
    private static final int HASH_BITS = 0xfff;

    private final IgbPort port;
    private final Registers regs;
    private final int capacity;
    private final Set<MacAddress> unicast = new LinkedHashSet<>();
    private Set<MacAddress> multicast = Set.of();
    private MacAddress own;

    IgbAddresses(IgbPort port, Registers regs, IgbChip chip, MacAddress own) {
        this.port = port;
        this.regs = regs;
        this.capacity = chip.unicastAddresses - 1;
        this.own = own;
    }

    void setOwn(MacAddress mac) {
        own = mac;
        write(0, mac);
    }

    /** Writes all that was set; the reset leaves the tables as they were. */
    void apply() {
        write(0, own);
        int i = 1;
        for (MacAddress mac : unicast) {
            write(i++, mac);
        }
        while (i <= capacity) {
            clear(i++);
        }
        int[] hashes = new int[MTA.count()];
        for (MacAddress mac : multicast) {
            int hash = hash(mac);
            hashes[hash >>> 5] |= 1 << (hash & 31);
        }
        for (int k = 0; k < hashes.length; k++) {
            regs.write(MTA, k, hashes[k]);
        }
    }

    /** Bits 47:36 of the address, with RCTL.MO 0; its first byte is in the lowest bits. */
    private static int hash(MacAddress mac) {
        byte[] b = mac.bytes();
        return ((b[4] & 0xff) >>> 4 | (b[5] & 0xff) << 4) & HASH_BITS;
    }

    /** Bytes in network order from the lowest bits on, 8.10.17. */
    private void write(int index, MacAddress mac) {
        byte[] b = mac.bytes();
        int low = (b[0] & 0xff) | (b[1] & 0xff) << 8 | (b[2] & 0xff) << 16 | (b[3] & 0xff) << 24;
        int high = (b[4] & 0xff) | (b[5] & 0xff) << 8;
        // Not valid while it is half the old and half the new one.
        clear(index);
        if (index < FIRST_ARRAY) {
            regs.write(RAL, index, low);
            regs.write(RAH, index, high | RAH_AV);
        } else {
            regs.write(RAL2, index - FIRST_ARRAY, low);
            regs.write(RAH2, index - FIRST_ARRAY, high | RAH_AV);
        }
    }

    private void clear(int index) {
        if (index < FIRST_ARRAY) {
            regs.write(RAH, index, 0);
            regs.write(RAL, index, 0);
        } else {
            regs.write(RAH2, index - FIRST_ARRAY, 0);
            regs.write(RAL2, index - FIRST_ARRAY, 0);
        }
    }

    @Override
    public int maxUnicast() {
        return capacity;
    }

    @Override
    public Set<MacAddress> unicast() {
        return port.query("unicast", () -> new LinkedHashSet<>(unicast));
    }

    @Override
    public void addUnicast(MacAddress address) {
        port.control(
                "addUnicast",
                () -> {
                    if (!address.valid()) {
                        throw new PortException(
                                "addUnicast",
                                port.name(),
                                address + " is no unicast address",
                                "pass multicast addresses to setMulticast");
                    }
                    if (unicast.size() == capacity && !unicast.contains(address)) {
                        throw new PortException(
                                "addUnicast",
                                port.name(),
                                "it has room for " + capacity + " addresses",
                                "remove one, or make the port promiscuous");
                    }
                    unicast.add(address);
                    apply();
                });
    }

    @Override
    public void removeUnicast(MacAddress address) {
        port.control(
                "removeUnicast",
                () -> {
                    unicast.remove(address);
                    apply();
                });
    }

    @Override
    public Set<MacAddress> multicast() {
        return port.query("multicast", () -> new LinkedHashSet<>(multicast));
    }

    @Override
    public void setMulticast(Set<MacAddress> addresses) {
        port.control(
                "setMulticast",
                () -> {
                    for (MacAddress each : addresses) {
                        if ((each.bytes()[0] & 1) == 0) {
                            throw new PortException(
                                    "setMulticast",
                                    port.name(),
                                    each + " is no multicast address",
                                    "pass unicast addresses to addUnicast");
                        }
                    }
                    multicast = Set.copyOf(addresses);
                    apply();
                });
    }
}
