// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

/**
 * Registers of the PHY for backplanes that is inside an X550EM, at offsets from those of the port:
 * 4000h for port 0, 8000h for port 1. They are reached by {@link IxgbeSideband} only.
 */
enum IxgbeKrm {
    LINK_S1(0x0200),
    LINK_CTRL_1(0x020c),
    AN_CNTL_1(0x022c),
    SGMII_CTRL(0x02a0),
    LP_BASE_PAGE_HIGH(0x036c),
    PMD_FLX_MASK_ST20(0x1054);

    private static final int PORT_0 = 0x4000;
    private static final int PORT_1 = 0x8000;

    /** Of LINK_S1. */
    static final int MAC_AN_COMPLETE = 1 << 28;

    /** Of LINK_CTRL_1. */
    static final int FORCE_SPEED_MASK = 7 << 8;

    static final int FORCE_SPEED_1G = 2 << 8;
    static final int AN_SGMII_EN = 1 << 12;
    static final int AN_CLAUSE_37_EN = 1 << 13;
    static final int AN_CAP_KX = 1 << 16;
    static final int AN_CAP_KR = 1 << 18;
    static final int AN_ENABLE = 1 << 29;
    static final int AN_RESTART = 1 << 31;

    /** Of AN_CNTL_1 and LP_BASE_PAGE_HIGH: both kinds of pause. */
    static final int AN_PAUSE_SHIFT = 28;

    static final int LP_PAUSE_SHIFT = 10;

    /** Of SGMII_CTRL. */
    static final int MAC_TAR_FORCE_100_D = 1 << 12;

    static final int MAC_TAR_FORCE_10_D = 1 << 19;

    /** Of PMD_FLX_MASK_ST20. */
    static final int ST20_SGMII_EN = 1 << 25;

    static final int ST20_AN37_EN = 1 << 26;
    static final int ST20_AN_EN = 1 << 27;
    static final int ST20_SPEED_1G = 2 << 28;
    static final int ST20_SPEED_AN = 4 << 28;
    static final int ST20_SPEED_MASK = 7 << 28;
    static final int ST20_FW_AN_RESTART = 1 << 31;

    private final int offset;

    IxgbeKrm(int offset) {
        this.offset = offset;
    }

    /** Where it is on the sideband. */
    int address(int function) {
        return (function == 0 ? PORT_0 : PORT_1) + offset;
    }
}
