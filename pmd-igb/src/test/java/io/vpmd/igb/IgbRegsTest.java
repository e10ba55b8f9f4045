// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.ring.Descriptors;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

class IgbRegsTest {
    /**
     * Offsets written down a second time, by another way: as stock drivers and register dumps have
     * them. An array has its stride and the offset of its last element.
     */
    private static final String SUMMARY =
            """
            EEARBC 12024 INVM_DATA 12120-1221C
            CTRL 00000 STATUS 00008 EECD 00010 EERD 00014 CTRL_EXT 00018 MDIC 00020 SCTL 00024
            FCAL 00028 FCAH 0002C FCT 00030 CONNSW 00034 VET 00038 FCTTV 00170
            I2CCMD 01028 LEDCTL 00E00 MDICNFG 00E04 PHPM 00E14
            ICR 000C0 ICS 000C8 IMS 000D0 IMC 000D8 IAM 000E0 GPIE 01514 EICR 01580 EICS 01520 EIMS 01524 EIMC 01528
            EIAC 0152C EIAM 01530 EITR 01680-016E0 IVAR 01700-0171C IVAR_MISC 01740
            RCTL 00100 FCRTL0 02160 FCRTH0 02168 RXPBS 02404 FCRTV 02460
            TCTL 00400 TCTL_EXT 00404 TIPG 00410 RXCSUM 05000 RLPML 05004 RFCTL 05008
            MTA 05200-053FC RAL 05400-05478 RAH 05404-0547C RAL2 054E0-05558 RAH2 054E4-0555C
            VFTA 05600-057FC MRQC 05818 ETQF 05CB0-05CCC
            RETA 05C00-05C7C RSSRK 05C80-05CA4
            RDBAL 0C000-0C3C0 RDBAH 0C004-0C3C4 RDLEN 0C008-0C3C8 SRRCTL 0C00C-0C3CC
            RDH 0C010-0C3D0 DCA_RXCTRL 0C014-0C3D4 RDT 0C018-0C3D8 RXDCTL 0C028-0C3E8
            RQDPC 0C030-0C3F0 DVMOLR 0C038-0C3F8
            TDBAL 0E000-0E3C0 TDBAH 0E004-0E3C4 TDLEN 0E008-0E3C8 TDH 0E010-0E3D0
            DCA_TXCTRL 0E014-0E3D4 TDT 0E018-0E3D8 TXDCTL 0E028-0E3E8
            TDWBAL 0E038-0E3F8 TDWBAH 0E03C-0E3FC
            WUC 05800 MANC 05820 MANC2H 05860 GCR 05B00 FACTPS 05B30 SWSM 05B50 FWSM 05B54 SW_FW_SYNC 05B5C
            PCS_CFG0 04200 PCS_LCTL 04208 PCS_LSTAT 0420C PCS_ANADV 04218 PCS_LPAB 0421C
            TSYNCRXCFG 05F50 SYSTIML 0B600 SYSTIMH 0B604 TIMINCA 0B608 TSYNCTXCTL 0B614
            TXSTMPL 0B618 TXSTMPH 0B61C TSYNCRXCTL 0B620 RXSTMPL 0B624 RXSTMPH 0B628
            RXSATRH 0B630 TSAUXC 0B640 SYSTIMR 0B6F8
            CRCERRS 04000 ALGNERRC 04004 SYMERRS 04008 RXERRC 0400C MPC 04010 SCC 04014
            ECOL 04018 MCC 0401C LATECOL 04020 COLC 04028 DC 04030 TNCRS 04034 CEXTERR 0403C
            RLEC 04040 XONRXC 04048 XONTXC 0404C XOFFRXC 04050 XOFFTXC 04054 FCRUC 04058
            PRC64 0405C PRC127 04060 PRC255 04064 PRC511 04068 PRC1023 0406C PRC1522 04070
            GPRC 04074 BPRC 04078 MPRC 0407C GPTC 04080 GORC 04088-0408C GOTC 04090-04094
            RNBC 040A0 RUC 040A4 RFC 040A8 ROC 040AC RJC 040B0 MNGPRC 040B4 MPDC 040B8
            MNGPTC 040BC TOR 040C0-040C4 TOT 040C8-040CC TPR 040D0 TPT 040D4 PTC64 040D8
            PTC127 040DC PTC255 040E0 PTC511 040E4 PTC1023 040E8 PTC1522 040EC MPTC 040F0
            BPTC 040F4 TSCTC 040F8 IAC 04100 RPTHC 04104 HGPTC 04118 HGORC 04128-0412C
            HGOTC 04130-04134 LENERRS 04138 SCVPC 04228
            """;

    @Test
    void offsetsAgreeWithTheSummary() throws ClassNotFoundException {
        // Its constants are in the same table.
        Class.forName(IgbCounters.class.getName());
        Map<String, String> summary = new HashMap<>();
        String[] words = SUMMARY.strip().split("\\s+", -1);
        for (int i = 0; i < words.length; i += 2) {
            summary.put(words[i], words[i + 1]);
        }
        for (Register r : IgbRegs.TABLE.registers().values()) {
            String range = summary.remove(r.name());
            assertTrue(range != null, () -> r + " is not in the summary");
            String[] ends = range.split("-", -1);
            assertEquals(Integer.parseInt(ends[0], 16), r.offset(), r.name());
            int last = Integer.parseInt(ends[ends.length - 1], 16);
            assertEquals(last, r.at(r.count() - 1), r.name());
        }
        assertTrue(summary.isEmpty(), () -> "only in the summary: " + summary);
    }

    /** Bits as the tables of stock drivers have them, whole masks in place of shifts. */
    @Test
    void bitsAgreeWithTheSummary() {
        assertEquals(0x0400_0000, IgbRegs.CTRL_RST);
        assertEquals(0x0800_0000, IgbRegs.CTRL_RFCE);
        assertEquals(0x1000_0000, IgbRegs.CTRL_TFCE);
        assertEquals(0x4000_0000, IgbRegs.CTRL_VME);
        assertEquals(0x0000_0840, IgbRegs.CTRL_FRCSPD | IgbRegs.CTRL_SLU);
        assertEquals(0x0000_1001, IgbRegs.CTRL_FRCDPLX | IgbRegs.CTRL_FD);
        assertEquals(0x0000_0200, IgbRegs.CTRL_SPD_1000);
        assertEquals(0x000c_0000, IgbRegs.CTRL_SWDPINS);
        assertEquals(0x0008_0000, IgbRegs.STATUS_GIO_MASTER_ENABLE);
        assertEquals(0x0000_000c, IgbRegs.STATUS_FUNCTION_MASK << IgbRegs.STATUS_FUNCTION_SHIFT);
        assertEquals(0x0003_8000, IgbRegs.EECD_BLOCKED | IgbRegs.EECD_ABORT | IgbRegs.EECD_TIMEOUT);
        assertEquals(0x0004_0000, IgbRegs.EECD_ERROR_CLEAR);
        assertEquals(0x0000_0003, IgbRegs.SWSM_SMBI | IgbRegs.SWSM_SWESMBI);
        assertEquals(0x0000_0007, IgbRegs.SYNC_NVM | IgbRegs.SYNC_PHY0 | IgbRegs.SYNC_PHY1);
        assertEquals(0x0000_0060, IgbRegs.SYNC_PHY2 | IgbRegs.SYNC_PHY3);
        assertEquals(0x1000_0000, IgbRegs.CTRL_EXT_DRV_LOAD);
        assertEquals(0x00c0_0000, IgbRegs.CTRL_EXT_LINK_MODE_MASK);
        assertEquals(0x0040_0000, IgbRegs.CTRL_EXT_LINK_MODE_KX);
        assertEquals(0x0080_0000, IgbRegs.CTRL_EXT_LINK_MODE_SGMII);
        assertEquals(0x0000_0080, IgbRegs.CTRL_EXT_SDP3_DATA);
        assertEquals(0x8000_0000, IgbRegs.TSAUXC_DISABLE_SYSTIM);
        assertEquals(0x8000_0000, IgbRegs.CTRL_PHY_RST);
        assertEquals(0x0014_0000, IgbRegs.CTRL_EXT_PHYPDEN | IgbRegs.CTRL_EXT_SDLPE);
        assertEquals(0x0008_0000, IgbRegs.EECD_FLASH_DETECTED);
        assertEquals(0x202f_00a0, pll());
        assertEquals(0xc000_0000, IgbRegs.MDICNFG_EXT_MDIO | IgbRegs.MDICNFG_COM_MDIO);
        assertEquals(0x8000_0000, IgbRegs.MDIC_DESTINATION);
        assertEquals(0x0200_0000, IgbRegs.CTRL_EXT_I2C_ENA);
        assertEquals(0xa800_0000, i2c());
        assertEquals(0x0700_0000, IgbRegs.I2CCMD_PHYADD_MASK << IgbRegs.I2CCMD_PHYADD_SHIFT);
        assertEquals(0x00ff_0000, 0xff << IgbRegs.I2CCMD_REGADD_SHIFT);
        assertEquals(0x0000_f000, IgbRegs.GCR_TIMEOUT_MASK);
        assertEquals(0x0005_1000, gcr());
        assertEquals(0x0002_2000, IgbRegs.MANC_ARP_EN | IgbRegs.MANC_RCV_TCO_EN);
        assertEquals(0x0024_0000, IgbRegs.MANC_BLK_PHY_RST | IgbRegs.MANC_EN_MNG2HOST);
        assertEquals(0x0000_0060, IgbRegs.MANC2H_PORT_623 | IgbRegs.MANC2H_PORT_664);
        assertEquals(0x2000_0000, IgbRegs.FACTPS_MNGCG);
        assertEquals(0x0000_000e, IgbRegs.FWSM_MODE_MASK);
        assertEquals(0x0000_0004, IgbRegs.FWSM_MODE_PASS_THROUGH);
        assertEquals(0x0000_803a, rctl());
        assertEquals(0x0404_0040, IgbRegs.RCTL_SECRC | IgbRegs.RCTL_VFE | IgbRegs.RCTL_LBM_MAC);
        assertEquals(0x0007_0000, IgbRegs.PCS_LCTL_AN_ENABLE | 0x0006_0000);
        assertEquals(0x0006_0000, IgbRegs.PCS_LCTL_AN_RESTART | IgbRegs.PCS_LCTL_AN_TIMEOUT);
        assertEquals(0x0000_00bd, pcs());
        assertEquals(0x0203_0000, 0x0200_0000 | IgbRegs.MRQC_IPV4 | IgbRegs.MRQC_TCP_IPV4);
        assertEquals(0x0030_0000, IgbRegs.MRQC_IPV6 | IgbRegs.MRQC_TCP_IPV6);
        assertEquals(0x00c0_0000, IgbRegs.MRQC_UDP_IPV4 | IgbRegs.MRQC_UDP_IPV6);
        assertEquals(0x0000_0c00, Descriptors.CONTEXT_IPV4 | Descriptors.CONTEXT_TCP);
        assertEquals(0x4b38_0000L, txBits() & 0xffff_ffffL);
    }

    private static int pll() {
        return 0x202f << IgbRegs.EEARBC_DATA_SHIFT | 0x0a << IgbRegs.EEARBC_ADDR_SHIFT;
    }

    private static int i2c() {
        return IgbRegs.I2CCMD_READ | IgbRegs.I2CCMD_READY | IgbRegs.I2CCMD_ERROR;
    }

    private static int gcr() {
        return IgbRegs.GCR_TIMEOUT_10_MS | IgbRegs.GCR_TIMEOUT_RESEND | IgbRegs.GCR_CAPABILITY_2;
    }

    private static int rctl() {
        return IgbRegs.RCTL_EN
                | IgbRegs.RCTL_UPE
                | IgbRegs.RCTL_MPE
                | IgbRegs.RCTL_LPE
                | IgbRegs.RCTL_BAM;
    }

    private static int pcs() {
        return IgbRegs.PCS_LCTL_FLV_LINK_UP
                | IgbRegs.PCS_LCTL_FSV_1000
                | IgbRegs.PCS_LCTL_FDV_FULL
                | IgbRegs.PCS_LCTL_FSD
                | IgbRegs.PCS_LCTL_FORCE_LINK
                | IgbRegs.PCS_LCTL_FORCE_FCTRL;
    }

    private static long txBits() {
        return Descriptors.TX_EOP
                | Descriptors.TX_IFCS
                | Descriptors.TX_RS
                | Descriptors.TX_VLE
                | Descriptors.TX_TIMESTAMP
                | 3L << 20;
    }

    @Test
    void noTwoRegistersShareAnOffset() {
        Map<Integer, String> names = new HashMap<>();
        for (Register r : IgbRegs.TABLE.registers().values()) {
            for (int i = 0; i < r.count(); i++) {
                String other = names.put(r.at(i), r.name());
                assertTrue(other == null, () -> r + " is where " + other + " is");
                assertEquals(0, r.at(i) % 4, r.name());
            }
        }
    }

    @Test
    void registersAreFoundByOffset() {
        assertEquals("CTRL", IgbRegs.TABLE.nameAt(0).orElseThrow());
        assertEquals("RDT[3]", IgbRegs.TABLE.nameAt(0xc0d8).orElseThrow());
        assertTrue(IgbRegs.TABLE.nameAt(0xbff0).isEmpty());
    }

    @Test
    void idsBelongToOneChip() {
        assertEquals(IgbChip.E82576, IgbChip.model(0x8086, 0x10c9).orElseThrow().chip());
        assertEquals(IgbChip.I350, IgbChip.model(0x8086, 0x1521).orElseThrow().chip());
        assertEquals(IgbChip.I211, IgbChip.model(0x8086, 0x1539).orElseThrow().chip());
        assertTrue(IgbChip.model(0x8086, 0x10fb).isEmpty());
        assertTrue(IgbChip.model(0x1234, 0x10c9).isEmpty());
    }
}
