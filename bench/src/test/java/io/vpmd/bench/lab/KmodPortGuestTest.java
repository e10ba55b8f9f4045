// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** net_kni over kni.ko (T2). */
@Tag("guest")
@Timeout(1800)
class KmodPortGuestTest {
    private static final int SECONDS = 1500;

    @AfterEach
    void nothingIsLeft() {
        Kmod.nothingIsLeft(Kmod.guest());
    }

    @Test
    void theContractHoldsOverTheModule() {
        Guest guest = Kmod.guest();
        guest.check("modprobe tun; touch /etc/shadow");
        try (GuestCommand kit = guest.java(GuestTests.class, "io.vpmd.kni.KmodContract")) {
            GuestShell.Result result = kit.await(SECONDS);
            result.output().lines().forEach(System.out::println);
            assertEquals(0, result.exit(), result::output);
        }
    }

    /** The application of KNI, and behind its other port a host that answers ping. */
    @Test
    void theKniApplicationTakesTheModule() {
        Guest guest = Kmod.guest();
        String line = "kni --port net_echo:0,ip=192.168.210.2 -p 1 --config '(0,0,0)'";
        try (GuestCommand kni = guest.vpmd(line)) {
            kni.awaitOutput("vEth0", SECONDS);
            guest.check(
                    "for i in $(seq 600); do [ -e /sys/class/net/vEth0 ] && break; sleep 0.1; done;"
                            + " ip addr add 192.168.210.1/24 dev vEth0 && ip link set vEth0 up");
            assertTrue(guest.check("ethtool -i vEth0").contains("driver: kni"));
            String said = guest.check("ping -c 5 -i 0.2 -W 20 192.168.210.2");
            assertTrue(said.contains(" 0% packet loss"), said);
            kni.signal("TERM");
            kni.await(Guest.RUN_SECONDS);
        }
    }
}
