// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static io.vpmd.ixgbe.IxgbeRegs.*;

import io.vpmd.spi.feature.LinkSpeeds.Mode;
import io.vpmd.spi.hw.DeviceException;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.hw.nic.PauseSettings;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The copper PHY of an X550EM_a that obeys commands of the firmware only, behind SGMII from the PHY
 * inside.
 */
final class IxgbeFirmwarePhy implements IxgbeNegotiation {
    private static final int INIT_PHY = 1;
    private static final int SETUP_LINK = 2;
    private static final int GET_LINK_INFO = 3;
    private static final int FORCE_LINK_DOWN = 4;
    private static final int PHY_SW_RESET = 5;
    private static final int GET_PHY_INFO = 7;

    private static final int SETUP_PAUSE_SHIFT = 16;
    private static final int SETUP_PAUSE_SEND = 1;
    private static final int SETUP_PAUSE_RECEIVE = 2;
    private static final int SETUP_HIGH_POWER = 1 << 19;
    private static final int SETUP_NEGOTIATE = 1 << 22;
    private static final int SETUP_ANSWER_DOWN = 1;
    private static final int LINK_NEGOTIATED = 1 << 24;
    /* Asymmetric, and above it symmetric. */
    private static final int LINK_PAUSE_SHIFT = 20;
    private static final int LINK_PARTNER_PAUSE_SHIFT = 28;
    private static final int DOWN = 1;
    private static final int IDENTIFIER_HIGH = 0xffff_0000;

    private static final Map<Mode, Integer> SPEEDS =
            Map.of(
                    Mode.FULL_10, 1,
                    Mode.FULL_100, 1 << 1,
                    Mode.FULL_1000, 1 << 2,
                    Mode.FULL_2500, 1 << 3,
                    Mode.FULL_5000, 1 << 4,
                    Mode.FULL_10000, 1 << 5);

    private final Registers regs;
    private final String port;
    private final IxgbeSemaphores semaphores;
    private final IxgbeHostInterface firmware;
    private final IxgbeSgmii inside;
    private Set<Mode> modes = Set.of();
    private Set<Mode> wanted = Set.of();
    private int pause;

    IxgbeFirmwarePhy(
            Registers regs,
            String port,
            IxgbeSemaphores semaphores,
            IxgbeHostInterface firmware,
            IxgbeSgmii inside) {
        this.regs = regs;
        this.port = port;
        this.semaphores = semaphores;
        this.firmware = firmware;
        this.inside = inside;
    }

    /** The first word of the answer. */
    private int act(String operation, int activity, int data) {
        int function = IxgbeSemaphores.function(regs);
        return semaphores.withFirmware(
                operation, () -> firmware.actOnPhy(operation, function, activity, data));
    }

    @Override
    public void setUp(String operation, boolean up) {
        // The firmware speaks to this PHY over a fast MDIO bus; a reset makes it slow.
        regs.change(HLREG0, 0, HLREG0_MDCSPD);
        if (modes.isEmpty()) {
            identify(operation);
        }
        if (!up) {
            act(operation, PHY_SW_RESET, 0);
            act(operation, INIT_PHY, 0);
            inside.connect(operation, false);
            negotiate(operation);
        }
    }

    private void identify(String operation) {
        int info = act(operation, GET_PHY_INFO, 0);
        Set<Mode> able = EnumSet.noneOf(Mode.class);
        SPEEDS.forEach(
                (mode, bit) -> {
                    if ((info & bit) != 0) {
                        able.add(mode);
                    }
                });
        if ((info & IDENTIFIER_HIGH) == 0 || able.isEmpty()) {
            throw failed(operation, "its firmware knows of no PHY");
        }
        modes = able;
        wanted = able;
    }

    private void negotiate(String operation) {
        int speeds = wanted.stream().mapToInt(SPEEDS::get).sum();
        int setUp = speeds | pause << SETUP_PAUSE_SHIFT | SETUP_HIGH_POWER | SETUP_NEGOTIATE;
        if (act(operation, SETUP_LINK, setUp) == SETUP_ANSWER_DOWN) {
            throw failed(operation, "its PHY is too hot for a link");
        }
    }

    private DeviceException failed(String operation, String what) {
        return new DeviceException(operation, port, what, "cut the card's power");
    }

    @Override
    public Set<Mode> modes() {
        return modes;
    }

    @Override
    public Set<Mode> offered(String operation) {
        return wanted;
    }

    @Override
    public void offer(String operation, Set<Mode> offers) {
        wanted = Set.copyOf(offers);
        negotiate(operation);
    }

    @Override
    public void offerPause(String operation, boolean receive, boolean send) {
        pause = (receive ? SETUP_PAUSE_RECEIVE : 0) | (send ? SETUP_PAUSE_SEND : 0);
        negotiate(operation);
    }

    @Override
    public int agreedPause(String operation) {
        int info = act(operation, GET_LINK_INFO, 0);
        return (info & LINK_NEGOTIATED) == 0
                ? 0
                : PauseSettings.resolve(
                        pauses(info >>> LINK_PAUSE_SHIFT),
                        pauses(info >>> LINK_PARTNER_PAUSE_SHIFT));
    }

    /** The firmware has the two bits in the other order. */
    private static int pauses(int bits) {
        return ((bits & 2) != 0 ? PauseSettings.SYMMETRIC : 0)
                | ((bits & 1) != 0 ? PauseSettings.ASYMMETRIC : 0);
    }

    /** A reset makes it come up again. */
    @Override
    public void shutDown(String operation) {
        act(operation, FORCE_LINK_DOWN, DOWN);
    }
}
