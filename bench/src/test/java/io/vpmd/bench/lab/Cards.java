// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.contract.qtest.Lab;

import org.jspecify.annotations.Nullable;

/** The guest with an IOMMU that the tests of this package share: its cards, and its one boot. */
final class Cards {
    /** Its cable ends in the test. */
    static final int OUTSIDE = 0;

    /** This one and the next: their cables end in the guest. */
    static final int CONTRACT = 1;

    /** Left to the kernel's igb. */
    static final int KERNEL = 3;

    /** Address of a card that shares its IOMMU group with a virtio card, which the kernel has. */
    static final String SHARED = "0000:01:01.0";

    /** A script that lets pools be on huge pages, those too small for that on what is made one. */
    static final String HUGE_PAGES =
            """
            echo 200 > /proc/sys/vm/nr_hugepages
            echo always > /sys/kernel/mm/transparent_hugepage/shmem_enabled
            """;

    private static @Nullable Guest guest;

    private Cards() {}

    /** The guest, booted by the first who asks, ended with the JVM. Skips where there is no lab. */
    static synchronized Guest guest() {
        Lab.need(Lab.guestMissing());
        if (guest == null || !guest.running()) {
            if (guest != null) {
                guest.close();
            }
            guest = null;
            guest = boot();
        }
        return guest;
    }

    private static Guest boot() {
        Guest booted =
                new GuestMachine()
                        .iommu()
                        .card(OUTSIDE, "igb,mac=52:54:00:aa:00:00")
                        .cardWithWireInside(CONTRACT, "igb,mac=52:54:00:aa:00:01")
                        .cardWithWireInside(CONTRACT + 1, "igb,mac=52:54:00:aa:00:02")
                        .card(KERNEL, "igb,mac=52:54:00:aa:00:03")
                        // The IOMMU cannot tell apart what is behind this bridge.
                        .with("-device", "pcie-pci-bridge,id=bridge,addr=0c.0")
                        .with("-device", "igb,bus=bridge,addr=01.0")
                        .with("-device", "virtio-net-pci,bus=bridge,addr=02.0")
                        .monitorInside()
                        .boot();
        booted.check("modprobe -a vfio-pci igb virtio_net tun 8021q");
        // QEMU's cards do not send a piece whose pages are not neighbours in the machine's memory.
        booted.check(HUGE_PAGES);
        for (int card : new int[] {OUTSIDE, CONTRACT, CONTRACT + 1}) {
            booted.check(bind(GuestMachine.address(card), "vfio-pci"));
        }
        booted.check(bind(SHARED, "vfio-pci"));
        return booted;
    }

    /** A script that gives a card to a driver. */
    static String bind(int card, String driver) {
        return bind(GuestMachine.address(card), driver);
    }

    /** The same for a card at an address. */
    static String bind(String address, String driver) {
        return """
        cd /sys/bus/pci/devices/%1$s
        [ ! -e driver ] || echo %1$s > driver/unbind
        echo %2$s > driver_override
        echo %1$s > /sys/bus/pci/drivers/%2$s/bind
        result=$?
        echo > driver_override
        exit $result
        """
                .formatted(address, driver);
    }
}
