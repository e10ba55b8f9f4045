// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.nic;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.MacFilters;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;

import java.util.LinkedHashSet;
import java.util.Set;

/** Exact addresses in receive address registers, and the hash table MTA for multicast. */
public abstract class AddressFilters implements MacFilters {
    /** RAH: the address is valid. */
    protected static final int VALID = 1 << 31;

    private static final int HASH_BITS = 0xfff;

    private final NicPort port;
    private final Registers regs;
    private final Register hashTable;
    private final int capacity;
    private final Set<MacAddress> unicast = new LinkedHashSet<>();
    private Set<MacAddress> multicast = Set.of();
    private MacAddress own;

    /**
     * With the address of the port alone.
     *
     * @param capacity addresses beside the port's own
     */
    protected AddressFilters(
            NicPort port, Registers regs, Register hashTable, int capacity, MacAddress own) {
        this.port = port;
        this.regs = regs;
        this.hashTable = hashTable;
        this.capacity = capacity;
        this.own = own;
    }

    /**
     * Writes receive address {@code index}, of which 0 is the port's own: {@code low} to RAL and
     * {@code high}, with its valid bit, to RAH; both are 0 for none.
     */
    protected abstract void write(int index, int low, int high);

    /** Sets the port's own address. */
    public final void setOwn(MacAddress mac) {
        own = mac;
        put(0, mac);
    }

    /** Writes all that was set; the reset leaves the tables as they were. */
    public final void apply() {
        put(0, own);
        int i = 1;
        for (MacAddress mac : unicast) {
            put(i++, mac);
        }
        while (i <= capacity) {
            write(i++, 0, 0);
        }
        int[] hashes = new int[hashTable.count()];
        for (MacAddress mac : multicast) {
            int hash = hash(mac);
            hashes[hash >>> 5] |= 1 << (hash & 31);
        }
        for (int k = 0; k < hashes.length; k++) {
            regs.write(hashTable, k, hashes[k]);
        }
    }

    /** Bits 47:36 of the address, the usual choice; its first byte is in the lowest bits. */
    private static int hash(MacAddress mac) {
        byte[] b = mac.bytes();
        return ((b[4] & 0xff) >>> 4 | (b[5] & 0xff) << 4) & HASH_BITS;
    }

    /** Bytes in network order from the lowest bits on. */
    private void put(int index, MacAddress mac) {
        byte[] b = mac.bytes();
        int low = (b[0] & 0xff) | (b[1] & 0xff) << 8 | (b[2] & 0xff) << 16 | (b[3] & 0xff) << 24;
        int high = (b[4] & 0xff) | (b[5] & 0xff) << 8;
        // Not valid while it is half the old and half the new one.
        write(index, 0, 0);
        write(index, low, high | VALID);
    }

    @Override
    public final int maxUnicast() {
        return capacity;
    }

    @Override
    public final Set<MacAddress> unicast() {
        return port.query("unicast", () -> new LinkedHashSet<>(unicast));
    }

    @Override
    public final void addUnicast(MacAddress address) {
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
    public final void removeUnicast(MacAddress address) {
        port.control(
                "removeUnicast",
                () -> {
                    unicast.remove(address);
                    apply();
                });
    }

    @Override
    public final Set<MacAddress> multicast() {
        return port.query("multicast", () -> new LinkedHashSet<>(multicast));
    }

    @Override
    public final void setMulticast(Set<MacAddress> addresses) {
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
