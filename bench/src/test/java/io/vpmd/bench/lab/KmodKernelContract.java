// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What kni.ko does in each kernel that it is loaded in, with owners in C (T2). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KmodKernelContract {
    static final int SECONDS = 240;
    private static final int EPERM = 1;

    private final String lab;
    private final String arguments;
    private final int kills;
    private final int cycles;
    private final int seconds;
    private @Nullable Guest guest;

    /**
     * Of a kernel.
     *
     * @param lab its folder
     * @param arguments of its command line
     * @param kills how many owners are killed
     * @param cycles how many interfaces are made
     * @param seconds how long either may take
     */
    KmodKernelContract(String lab, String arguments, int kills, int cycles, int seconds) {
        this.lab = lab;
        this.arguments = arguments;
        this.kills = kills;
        this.cycles = cycles;
        this.seconds = seconds;
    }

    final Guest guest() {
        Guest booted = guest;
        if (booted == null) {
            throw new IllegalStateException("no guest");
        }
        return booted;
    }

    @BeforeAll
    void boot() {
        guest = Kmod.boot(lab, arguments);
    }

    @AfterEach
    void nothingIsLeft() {
        Kmod.nothingIsLeft(guest());
        assertEquals("0\n0\n", guest().check(KmodScripts.HELD));
    }

    @AfterAll
    void theModuleCanBeUnloaded() {
        if (guest != null) {
            try (Guest booted = guest) {
                if (booted.running()) {
                    booted.check("rmmod kni");
                    assertEquals("", booted.check("dmesg -l emerg,alert,crit,err"));
                }
            }
        }
    }

    @Test
    void anOwnerAnswersPingAndAHandlerRefuses() {
        try (GuestCommand owner = guest().start(Kmod.owner("echo vEth0 10.9.0.2"))) {
            owner.awaitOutput("ready vEth0", SECONDS);
            Kmod.up(guest(), "10.9.0.1");
            Kmod.pings(guest(), "10.9.0.2");
            guest().check("echo synchronous > /sys/module/kni/parameters/request_mode");
            try (GuestCommand handler = guest().start(Kmod.owner("handle vEth0 " + EPERM))) {
                handler.awaitOutput("filter", SECONDS);
                String refused = guest().check("ip link set vEth0 mtu 1400 2>&1 || true");
                assertTrue(refused.contains("Operation not permitted"), refused);
                handler.awaitOutput("?mtu 1400", SECONDS);
            }
            guest().check("ip link set vEth0 mtu 1400 && ip link show vEth0 | grep 'mtu 1400'");
            guest().check("echo asynchronous > /sys/module/kni/parameters/request_mode");
        }
    }

    @Test
    void ownersThatAreKilledUnderTrafficLeaveNothing() {
        try (GuestCommand killing = guest().start(KmodScripts.kills(kills))) {
            killing.check(seconds);
        }
    }

    @Test
    void interfacesComeAndGo() {
        try (GuestCommand owner = guest().start(Kmod.owner("cycles vEth0 " + cycles))) {
            owner.check(seconds);
        }
    }
}
