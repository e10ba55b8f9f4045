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

    /** Shares its IOMMU group with a virtio card, which the kernel has. */
    static final int SHARED = 4;

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
                        .card(SHARED, "igb,mac=52:54:00:aa:00:04,multifunction=on")
                        .with("-device", "virtio-net-pci,addr=0c.1")
                        .monitorInside()
                        .boot();
        booted.check("modprobe -a vfio-pci igb virtio_net tun");
        for (int card : new int[] {OUTSIDE, CONTRACT, CONTRACT + 1, SHARED}) {
            booted.check(bind(card, "vfio-pci"));
        }
        return booted;
    }

    /** A script that gives a card to a driver. */
    static String bind(int card, String driver) {
        return bind(GuestMachine.address(card), driver);
    }

    /** The same for a card at an address. */
    static String bind(String address, String driver) {
        String folder = "/sys/bus/pci/devices/" + address;
        return "[ ! -e %2$s/driver ] || echo %1$s > %2$s/driver/unbind; echo %3$s > %2$s/driver_override && echo %1$s > /sys/bus/pci/drivers/%3$s/bind; r=$?; echo > %2$s/driver_override; exit $r"
                .formatted(address, folder, driver);
    }
}
