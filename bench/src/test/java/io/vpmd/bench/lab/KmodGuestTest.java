// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** kni.ko with an owner in C that knows only its header (T2). */
@Tag("guest")
@Timeout(900)
class KmodGuestTest {
    private static final int SECONDS = 60;

    @AfterEach
    void nothingIsLeft() {
        Guest guest = Kmod.guest();
        assertEquals("0", guest.check("cat /sys/module/kni/refcnt").strip());
        assertEquals("", guest.check("ls /sys/class/net | grep vEth || true"));
        Kmod.kernelIsContent(guest);
    }

    @Test
    void anOwnerAnswersPing() {
        Guest guest = Kmod.guest();
        try (GuestCommand owner = guest.start(Kmod.owner("echo vEth0 10.9.0.2"))) {
            owner.awaitOutput("ready vEth0", SECONDS);
            guest.check("ip addr add 10.9.0.1/24 dev vEth0 && ip link set vEth0 up");
            String said = guest.check("ping -c 5 -i 0.2 -W 5 10.9.0.2");
            assertTrue(said.contains(" 0% packet loss"), said);
            System.out.println(said);
        }
    }
}
