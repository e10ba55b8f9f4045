// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.feature.LinkSpeeds.Mode;
import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.PauseSettings;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The PHY inside an X550EM_x of port 1, behind a sideband of a few lines (T0). */
class IxgbeSidebandTest {
    private static final int STATUS = 0x00008;
    private static final int CTRL = 0x11144;
    private static final int DATA = 0x11148;
    private static final int LINK_CTRL = 0x820c;
    private static final int AN_CNTL = 0x822c;

    private static final class Iosf extends SemaphoreMmio {
        private final Map<Integer, Integer> registers = new HashMap<>();
        private int control;
        private int state;
        private int restarts;

        @Override
        int get(int at) {
            return switch (at) {
                case STATUS -> 1 << 2;
                case CTRL -> control | state;
                case DATA -> registers.getOrDefault(control, 0);
                default -> 0;
            };
        }

        @Override
        void put(int at, int value) {
            switch (at) {
                case CTRL -> {
                    assertEquals(6, sync & 6, "under the semaphores of both PHYs");
                    control = value;
                }
                case DATA -> {
                    restarts += control == LINK_CTRL && value < 0 ? 1 : 0;
                    registers.put(control, control == LINK_CTRL ? value & ~(1 << 31) : value);
                }
                default -> throw new AssertionError("a write at " + Integer.toHexString(at));
            }
        }
    }

    private final Iosf iosf = new Iosf();
    private final Registers regs = new Registers(iosf, "port");
    private final IxgbeSideband sideband =
            new IxgbeSideband(
                    regs,
                    "port",
                    IxgbeChip.X550EM_X,
                    new IxgbeSemaphores(regs, "port", IxgbeChip.X550EM_X),
                    new IxgbeHostInterface(regs, "port"));
    private final IxgbeKr kr = new IxgbeKr(sideband, IxgbeChip.model(0x8086, 0x15ab).orElseThrow());

    @Test
    void aLinkThatIsDownNegotiatesBothSpeeds() {
        iosf.registers.put(LINK_CTRL, 0x0400_0042);
        kr.setUp("open", false);
        assertEquals(0x2405_0042, iosf.registers.get(LINK_CTRL), "other bits stay");
        assertEquals(1, iosf.restarts);
        assertEquals(Set.of(Mode.FULL_1000, Mode.FULL_10000), kr.offered("test"));
        assertEquals(0, iosf.sync, "the semaphores are given back");
        assertEquals(0, iosf.swsm);
    }

    @Test
    void aLinkThatIsUpIsLeftAlone() {
        iosf.registers.put(LINK_CTRL, 0x2005_0000);
        kr.setUp("open", true);
        assertEquals(0, iosf.restarts);
    }

    @Test
    void offersArePutBackAsTheyWere() {
        iosf.registers.put(LINK_CTRL, 0x2004_0000);
        kr.setUp("open", true);
        kr.offer("test", Set.of(Mode.FULL_1000));
        assertEquals(0x2001_0000, iosf.registers.get(LINK_CTRL));
        kr.setUp("start", true);
        assertEquals(0x2001_0000, iosf.registers.get(LINK_CTRL), "it holds over a reset");
        kr.shutDown("close");
        assertEquals(0x2004_0000, iosf.registers.get(LINK_CTRL));
    }

    @Test
    void pausesAreOfferedAndNeverAgreedOn() {
        iosf.registers.put(AN_CNTL, 0x0000_0007);
        kr.offerPause("setPause", true, true);
        assertEquals(PauseSettings.SYMMETRIC << 28 | 7, iosf.registers.get(AN_CNTL));
        assertEquals(1, iosf.restarts);
        assertEquals(0, kr.agreedPause("link"));
    }

    @Test
    void errorsAndSilenceAreTypedErrors() {
        iosf.state = 1 << 18;
        DeviceException error = assertThrows(DeviceException.class, () -> kr.setUp("open", false));
        assertTrue(error.getMessage().contains("did not read KRM_LINK_CTRL_1"), error::getMessage);
        iosf.state = 1 << 31;
        DeviceException dead = assertThrows(DeviceException.class, () -> kr.setUp("open", false));
        assertTrue(dead.getMessage().contains("waited 10000 us"), dead::getMessage);
        assertEquals(0, iosf.sync, "the semaphores are given back");
        assertEquals(0, iosf.restarts);
    }
}
