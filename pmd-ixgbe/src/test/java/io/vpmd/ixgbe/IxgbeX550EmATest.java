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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The PHYs of an X550EM_a behind its firmware, and its registers that have moved (T0). */
class IxgbeX550EmATest {
    private static final int SWSM = 0x15f70;
    private static final int SYNC = 0x15f78;
    private static final int WINDOW = 0x15800;
    private static final int HLREG0 = 0x04240;
    private static final int HICR = 0x15f00;
    private static final int FWSTS = 0x15f0c;
    private static final int LINK_S1 = 0x4200;
    private static final int LINK_CTRL = 0x420c;
    private static final int AN_CNTL = 0x422c;
    private static final int PARTNER = 0x436c;
    private static final int ST20 = 0x5054;

    private static final class Firmware extends SemaphoreMmio {
        private final Map<Integer, Integer> phy = new HashMap<>();
        private final List<String> activities = new ArrayList<>();
        private final int[] window = new int[16];
        private int hlreg0;
        private int linkInfo;
        private int setUpAnswer;
        private int busy;

        Firmware() {
            super(SWSM, SYNC);
        }

        @Override
        int get(int at) {
            return switch (at) {
                case HICR -> 5;
                default -> at >= WINDOW && at < WINDOW + 64 ? window[(at - WINDOW) / 4] : 0;
            };
        }

        @Override
        void put(int at, int value) {
            switch (at) {
                case HICR -> command();
                case HLREG0 -> hlreg0 = value;
                case FWSTS -> {}
                default -> window[(at - WINDOW) / 4] = value;
            }
        }

        private int octet(int at) {
            return window[at / 4] >>> (8 * (at % 4)) & 0xff;
        }

        private int bigEndian(int at) {
            return octet(at) << 24 | octet(at + 1) << 16 | octet(at + 2) << 8 | octet(at + 3);
        }

        private void command() {
            assertEquals(0x400, sync & 0x400, "under the semaphore of the window");
            assertEquals(0xff, octet(3), "in place of a checksum");
            assertEquals(0, octet(4), "the function");
            if (octet(0) == 0x0b) {
                assertEquals(10, octet(1));
                int address = octet(6) << 8 | octet(7);
                if (octet(5) == 1) {
                    phy.put(address, bigEndian(10));
                } else {
                    window[1] = Integer.reverseBytes(phy.getOrDefault(address, 0));
                }
                return;
            }
            assertEquals(5, octet(0));
            assertEquals(20, octet(1));
            int activity = octet(6) | octet(7) << 8;
            busy--;
            boolean done = busy < 0;
            window[0] = 0x1405 | (done ? 1 : 0x80) << 16;
            if (done) {
                activities.add("%d %x".formatted(activity, bigEndian(8)));
                window[1] =
                        Integer.reverseBytes(
                                switch (activity) {
                                    case 7 -> 0x0141_0007;
                                    case 3 -> linkInfo;
                                    case 2 -> setUpAnswer;
                                    default -> 0;
                                });
            }
        }
    }

    private final Firmware firmware = new Firmware();
    private final Registers regs = new Registers(new IxgbeMovedMmio(firmware), "port");
    private final IxgbeSemaphores semaphores =
            new IxgbeSemaphores(regs, "port", IxgbeChip.X550EM_A);
    private final IxgbeHostInterface commands = new IxgbeHostInterface(regs, "port");
    private final IxgbeSideband sideband =
            new IxgbeSideband(regs, "port", IxgbeChip.X550EM_A, semaphores, commands);
    private final IxgbeFirmwarePhy copper =
            new IxgbeFirmwarePhy(regs, "port", semaphores, commands, new IxgbeSgmii(sideband));

    private IxgbeKr kr(int id) {
        return new IxgbeKr(sideband, IxgbeChip.model(0x8086, id).orElseThrow());
    }

    @Test
    void aBackplaneNegotiatesAndTheFirmwareIsTold() {
        firmware.phy.put(ST20, 0x7600_0001);
        kr(0x15c2).setUp("open", false);
        assertEquals(0xa005_0000, firmware.phy.get(LINK_CTRL));
        assertEquals(0xc800_0001, firmware.phy.get(ST20), "by itself, and restarted");
        kr(0x15c3).setUp("open", false);
        assertEquals(0xa001_0000, firmware.phy.get(LINK_CTRL), "1 Gb/s only");
        assertEquals(0, firmware.sync, "the semaphores are given back");
        assertEquals(0, firmware.swsm);
    }

    @Test
    void pausesOfABackplaneAreAgreedOnWhenItHasNegotiated() {
        firmware.phy.put(AN_CNTL, 0x1000_0000);
        firmware.phy.put(PARTNER, 0x0000_0400);
        assertEquals(0, kr(0x15c2).agreedPause("link"));
        firmware.phy.put(LINK_S1, 0x1000_0000);
        int both = PauseSettings.RECEIVE | PauseSettings.SEND;
        assertEquals(both, kr(0x15c2).agreedPause("link"));
    }

    @Test
    void sgmiiIsForcedTo1G() {
        firmware.phy.put(LINK_CTRL, 0x2000_0400);
        firmware.phy.put(ST20, 0x4800_0000);
        new IxgbeSgmii(sideband).setUp("open", false);
        assertEquals(0x8000_3200, firmware.phy.get(LINK_CTRL));
        assertEquals(0x0008_1000, firmware.phy.get(0x42a0));
        assertEquals(0xa600_0000, firmware.phy.get(ST20));
    }

    @Test
    void theFirmwareSetsUpTheCopperPhyBehindSgmii() {
        firmware.busy = 3;
        copper.setUp("open", false);
        assertEquals(List.of("7 0", "5 0", "1 0", "2 480007"), firmware.activities);
        assertEquals(0x8000_3000, firmware.phy.get(LINK_CTRL));
        assertEquals(0xc600_0000, firmware.phy.get(ST20), "the speed that the PHY tells");
        assertEquals(Set.of(Mode.FULL_10, Mode.FULL_100, Mode.FULL_1000), copper.modes());
        assertEquals(0x0001_0000, firmware.hlreg0, "the fast MDIO bus");
        copper.setUp("start", true);
        assertEquals(4, firmware.activities.size(), "a link that is up is left alone");
        copper.offerPause("setPause", true, false);
        copper.offer("advertise", Set.of(Mode.FULL_1000));
        copper.shutDown("close");
        assertEquals(List.of("2 4a0007", "2 4a0004", "4 1"), firmware.activities.subList(4, 7));
    }

    @Test
    void pausesOfTheCopperPhyAreWhatTheFirmwareTells() {
        firmware.linkInfo = 0x2020_0000;
        assertEquals(0, copper.agreedPause("link"), "before negotiation has ended");
        firmware.linkInfo = 0x2120_0000;
        int both = PauseSettings.RECEIVE | PauseSettings.SEND;
        assertEquals(both, copper.agreedPause("link"));
    }

    @Test
    void heatAndFirmwareThatStaysBusyAreTypedErrors() {
        firmware.setUpAnswer = 1;
        DeviceException hot =
                assertThrows(DeviceException.class, () -> copper.setUp("open", false));
        assertTrue(hot.getMessage().contains("too hot"), hot::getMessage);
        firmware.busy = 100;
        DeviceException busy =
                assertThrows(DeviceException.class, () -> copper.agreedPause("link"));
        assertTrue(busy.getMessage().contains("activity 3"), busy::getMessage);
        assertEquals(0, firmware.sync, "the semaphores are given back");
    }
}
