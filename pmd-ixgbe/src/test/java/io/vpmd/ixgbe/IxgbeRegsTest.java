// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.hw.Register;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

class IxgbeRegsTest {
    /**
     * Offsets written down a second time, by another way: as stock drivers and register dumps have
     * them, and where those go by the addresses of the 82598, as the data sheet has the ones of the
     * 82599. An array has the offsets of its first and its last element.
     */
    private static final String SUMMARY =
            """
            CTRL 00000 STATUS 00008 CTRL_EXT 00018 ESDP 00020 I2CCTL 00028 LEDCTL 00200 EICR 00800
            EICS 00808 EIAC 00810 EITR 00820-0087C EIMS 00880 EIMC 00888 EIAM 00890 GPIE 00898
            IVAR 00900-009FC IVAR_MISC 00A00 EIMC_EX 00AB0-00AB4 RQSMR 02300-0237C RDRXCTL 02F00
            RXCTRL 03000 FCTTV 03200-0320C FCRTL 03220-0323C FCRTH 03260-0327C FCRTV 032A0
            RXPBSIZE 03C00-03C1C FCCFG 03D00 PCS1GANA 04218 PCS1GANLP 0421C HLREG0 04240
            MSCA 0425C MSRWD 04260 MAXFRS 04268 MFLCN 04294 AUTOC 042A0 LINKS 042A4 AUTOC2 042A8
            ANLP1 042B0 MMNGC 042D0 MACC 04330 RTTDCS 04900 RTTDQSEL 04904 TXPBTHRESH 04950-0496C
            RTTBCNRM 04980 RTTBCNRC 04984 DMATXCTL 04A80 RXCSUM 05000 RFCTL 05008 EXVET 05078
            FCTRL 05080 VLNCTRL 05088 MCSTCTRL 05090 ETQF 05128-05144 TSYNCRXCTL 05188
            RXSTMPH 051A4 RXSTMPL 051E8 MTA 05200-053FC WUC 05800 DTXMXSZRQ 08100 MTQC 08120
            TQSM 08600-0867C TSYNCTXCTL 08C00 TXSTMPL 08C04 TXSTMPH 08C08 SYSTIML 08C0C
            SYSTIMH 08C10 TIMINCA 08C14 SECRXCTRL 08D00 SECRXSTAT 08D04 VFTA 0A000-0A1FC
            RAL 0A200-0A5F8 RAH 0A204-0A5FC MPSAR 0A600-0A9FC TXPBSIZE 0CC00-0CC1C
            PSRTYPE 0EA00-0EAFC RETA 0EB00-0EB7C RSSRK 0EB80-0EBA4 MRQC 0EC80 FDIRCTRL 0EE00
            FDIRSIPV6 0EE0C-0EE14 FDIRIPSA 0EE18 FDIRIPDA 0EE1C FDIRPORT 0EE20 FDIRVLAN 0EE24
            FDIRHASH 0EE28 FDIRCMD 0EE2C FDIRDIP4M 0EE3C FDIRSIP4M 0EE40 FDIRTCPM 0EE44
            FDIRUDPM 0EE48 FDIRHKEY 0EE68 FDIRSKEY 0EE6C FDIRM 0EE70 FDIRSCTPM 0EE78
            ERETA 0EE80-0EFFC PFUTA 0F400-0F5FC EEC 10010 EERD 10014 SWSM 10140 FWSM 10148
            RSCDBU 03028 RXMTRL 05120 TSAUXC 08C20 SYSTIMR 08C58 FWSTS 15F0C
            SW_FW_SYNC 10160 GCR_EXT 11050 SB_IOSF_INDIRECT_CTRL 11144
            SB_IOSF_INDIRECT_DATA 11148 NW_MNG_IF_SEL 11178 CORECTL 14F00 FLEX_MNG 15800-15EFC HICR 15F00 RDBAL 01000-01FC0 RDBAH 01004-01FC4
            RDLEN 01008-01FC8 DCA_RXCTRL 0100C-01FCC RDH 01010-01FD0 SRRCTL 01014-01FD4
            RDT 01018-01FD8 RXDCTL 01028-01FE8 RSCCTL 0102C-01FEC TDBAL 06000-06FC0
            TDBAH 06004-06FC4 TDLEN 06008-06FC8 DCA_TXCTRL 0600C-06FCC TDH 06010-06FD0
            TDT 06018-06FD8 TXDCTL 06028-06FE8 TDWBAL 06038-06FF8 TDWBAH 0603C-06FFC CRCERRS 04000
            ILLERRC 04004 ERRBC 04008 MSPDC 04010 RXMPC 03FA0-03FBC MLFC 04034 MRFC 04038
            RLEC 04040 LXONTXC 03F60 LXONRXCNT 041A4 LXOFFTXC 03F68 LXOFFRXCNT 041A8
            PXONRXCNT 04140-0415C PXONTXC 03F00-03F1C PXOFFRXCNT 04160-0417C PXOFFTXC 03F20-03F3C
            PXON2OFFCNT 03240-0325C PRC64 0405C PRC127 04060 PRC255 04064 PRC511 04068
            PRC1023 0406C PRC1522 04070 GPRC 04074 BPRC 04078 MPRC 0407C GPTC 04080
            GORC 04088-0408C GOTC 04090-04094 RUC 040A4 RFC 040A8 ROC 040AC RJC 040B0 MNGPRC 040B4
            MNGPDC 040B8 MNGPTC 0CF90 TOR 040C0-040C4 TPR 040D0 TPT 040D4 PTC64 040D8 PTC127 040DC
            PTC255 040E0 PTC511 040E4 PTC1023 040E8 PTC1522 040EC MPTC 040F0 BPTC 040F4 XEC 04120
            FDIRMATCH 0EE58 FDIRMISS 0EE5C QPRC 01030-013F0 QBRC_L 01034-013F4 QBRC_H 01038-013F8
            QPRDC 01430-017F0 QPTC 06030-063F0 QBTC_L 08700-08778 QBTC_H 08704-0877C
            """;

    @Test
    void offsetsAgreeWithTheSummary() throws ClassNotFoundException {
        // Its constants are in the same table.
        Class.forName(IxgbeCounters.class.getName());
        Map<String, String> summary = new HashMap<>();
        String[] words = SUMMARY.strip().split("\\s+", -1);
        for (int i = 0; i < words.length; i += 2) {
            summary.put(words[i], words[i + 1]);
        }
        for (Register r : IxgbeRegs.TABLE.registers().values()) {
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
        assertEquals(
                0x0400_000c, IxgbeRegs.CTRL_RST | IxgbeRegs.CTRL_LRST | IxgbeRegs.CTRL_GIO_DIS);
        assertEquals(0x0008_0000, IxgbeRegs.STATUS_GIO);
        assertEquals(0x0000_000c, IxgbeRegs.STATUS_LAN_ID_MASK << IxgbeRegs.STATUS_LAN_ID_SHIFT);
        assertEquals(0x1001_0000, IxgbeRegs.CTRL_EXT_DRV_LOAD | IxgbeRegs.CTRL_EXT_NS_DIS);
        assertEquals(0x0400_0000, IxgbeRegs.CTRL_EXT_EXTENDED_VLAN);
        assertEquals(
                0x0000_2028, IxgbeRegs.ESDP_SDP5_DIR | IxgbeRegs.ESDP_SDP5 | IxgbeRegs.ESDP_SDP3);
        assertEquals(0x0000_0003, IxgbeRegs.I2CCTL_CLK_IN | IxgbeRegs.I2CCTL_CLK_OUT);
        assertEquals(0x0000_000c, IxgbeRegs.I2CCTL_DATA_IN | IxgbeRegs.I2CCTL_DATA_OUT);
        assertEquals(0x0010_0000, IxgbeRegs.EICR_LSC);
        assertEquals(0xc000_0030, gpie());
        assertEquals(0x8000, IxgbeRegs.IVAR_VALID << IxgbeRegs.IVAR_OTHER_SHIFT);
        assertEquals(0x1200_0000, IxgbeRegs.SRRCTL_DROP_EN | IxgbeRegs.SRRCTL_DESCTYPE_ADVANCED);
        assertEquals(0x4600_0000, rxdctl());
        assertEquals(0x0000_a000, IxgbeRegs.DCA_RXCTRL_WRITES);
        assertEquals(0x0000_0800, IxgbeRegs.DCA_TXCTRL_WRITES);
        assertEquals(0x003e_000a, rdrxctl());
        assertEquals(0x8000_0008, IxgbeRegs.FCRTL_XONE | IxgbeRegs.FCCFG_TFCE_802_3X);
        assertEquals(0x0000_0018, IxgbeRegs.FCCFG_TFCE);
        assertEquals(0x0000_000e, mflcn());
        assertEquals(0x0801_8407, hlreg0());
        assertEquals(0x0000_f001, autoc());
        assertEquals(0x3000_0000, 3 << IxgbeRegs.AUTOC_PAUSE_SHIFT);
        assertEquals(0x7000_0000, IxgbeRegs.AUTOC2_LINK_DISABLE);
        assertEquals(0xc800_0000, links());
        assertEquals(0x3000_0000, IxgbeRegs.LINKS_SPEED_MASK << IxgbeRegs.LINKS_SPEED_SHIFT);
        assertEquals(0x000f_0c00, IxgbeRegs.ANLP1_AN_STATE | 3 << IxgbeRegs.ANLP1_PAUSE_SHIFT);
        assertEquals(0x0007_0001, macc());
        assertEquals(0x0000_0049, dmatxctl());
        assertEquals(0x0000_3000, IxgbeRegs.RXCSUM_PCSD | IxgbeRegs.RXCSUM_IPPCSE);
        assertEquals(0x0000_00e0, IxgbeRegs.RFCTL_NFS_DIS | IxgbeRegs.RFCTL_RSC_DIS);
        assertEquals(0x0000_0700, fctrl());
        assertEquals(0x6000_0000, IxgbeRegs.VLNCTRL_VFE | IxgbeRegs.VLNCTRL_CFIEN);
        assertEquals(0x0000_0300, IxgbeRegs.EEC_ARD | IxgbeRegs.EEC_PRES);
        assertEquals(0x8000_001f, sync());
        assertEquals(0x0000_0007, IxgbeRegs.HICR_SV | IxgbeRegs.HICR_C | IxgbeRegs.HICR_EN);
        assertEquals(0x0000_0400, IxgbeRegs.SYNC_SW_MNG);
        assertEquals(0x800c_0000, IxgbeRegs.SB_IOSF_BUSY | IxgbeRegs.SB_IOSF_RESP_STAT);
        assertEquals(0x0010_0000, IxgbeRegs.NW_MNG_IF_SEL_PHY_SPEED_2_5G);
        assertEquals(0x4000_0000, IxgbeRegs.GCR_EXT_BUFFERS_CLEAR);
        assertEquals(0x0200_0000, IxgbeRegs.RDRXCTL_RSCACKC);
        assertEquals(0x0000_000d, IxgbeRegs.RSCCTL_RSCEN | 3 << IxgbeRegs.RSCCTL_MAXDESC_SHIFT);
        assertEquals(0x0000_0090, IxgbeRegs.RSCDBU_RSCACKDIS | IxgbeRegs.PSRTYPE_TCPHDR);
        assertEquals(0x8000_0ff8, IxgbeRegs.EITR_CNT_WDIS | IxgbeRegs.EITR_INTERVAL);
        assertEquals(0xc000_0000, IxgbeRegs.ETQF_FILTER_EN | IxgbeRegs.ETQF_1588);
        assertEquals(0x0000_0200, IxgbeRegs.FWSTS_FWRI);
        assertEquals(0x4c00_0000, IxgbeRegs.MSCA_COMMAND | IxgbeRegs.MSCA_READ);
        assertEquals(0x0a00_7f19, fdirctrl());
        assertEquals(0x0000_0037, fdirm());
        assertEquals(0x0000_880f, fdircmd());
    }

    private static int gpie() {
        return IxgbeRegs.GPIE_PBA_SUPPORT
                | IxgbeRegs.GPIE_EIAME
                | IxgbeRegs.GPIE_OCD
                | IxgbeRegs.GPIE_MULTIPLE_MSIX;
    }

    private static int rxdctl() {
        return IxgbeRegs.RXDCTL_VME | IxgbeRegs.XDCTL_SWFLSH | IxgbeRegs.XDCTL_ENABLE;
    }

    private static int rdrxctl() {
        return IxgbeRegs.RDRXCTL_RSCFRSTSIZE
                | IxgbeRegs.RDRXCTL_DMAIDONE
                | IxgbeRegs.RDRXCTL_CRCSTRIP;
    }

    private static int mflcn() {
        return IxgbeRegs.MFLCN_RFCE | IxgbeRegs.MFLCN_RPFCE | IxgbeRegs.MFLCN_DPF;
    }

    private static int hlreg0() {
        return IxgbeRegs.HLREG0_RXLNGTHERREN
                | IxgbeRegs.HLREG0_MDCSPD
                | IxgbeRegs.HLREG0_LPBK
                | IxgbeRegs.HLREG0_TXPADEN
                | IxgbeRegs.HLREG0_JUMBOEN
                | IxgbeRegs.HLREG0_RXCRCSTRP
                | IxgbeRegs.HLREG0_TXCRCEN;
    }

    private static int autoc() {
        return IxgbeRegs.AUTOC_LMS_MASK | IxgbeRegs.AUTOC_AN_RESTART | IxgbeRegs.AUTOC_FLU;
    }

    private static int links() {
        return IxgbeRegs.LINKS_KX_AN_COMP | IxgbeRegs.LINKS_UP | IxgbeRegs.LINKS_SPEED_BETWEEN;
    }

    private static int macc() {
        return IxgbeRegs.MACC_FS | IxgbeRegs.MACC_FSV_10G | IxgbeRegs.MACC_FLU;
    }

    private static int dmatxctl() {
        return IxgbeRegs.RTTDCS_ARBDIS | IxgbeRegs.DMATXCTL_GDV | IxgbeRegs.DMATXCTL_TE;
    }

    private static int fctrl() {
        return IxgbeRegs.FCTRL_BAM | IxgbeRegs.FCTRL_UPE | IxgbeRegs.FCTRL_MPE;
    }

    private static int sync() {
        return IxgbeRegs.SYNC_REGSMP
                | IxgbeRegs.SYNC_FLASH
                | IxgbeRegs.SYNC_MAC
                | IxgbeRegs.SYNC_PHY1
                | IxgbeRegs.SYNC_PHY0
                | IxgbeRegs.SYNC_NVM;
    }

    private static int fdirctrl() {
        return IxgbeRegs.FDIRCTRL_MAX_LENGTH
                | IxgbeRegs.FDIRCTRL_NO_DROP_QUEUE
                | IxgbeRegs.FDIRCTRL_PERFECT_MATCH
                | IxgbeRegs.FDIRCTRL_INIT_DONE
                | IxgbeRegs.FDIRCTRL_PBALLOC_64K;
    }

    private static int fdirm() {
        return IxgbeRegs.FDIRM_VLANID
                | IxgbeRegs.FDIRM_VLANP
                | IxgbeRegs.FDIRM_POOL
                | IxgbeRegs.FDIRM_FLEX
                | IxgbeRegs.FDIRM_DIPV6;
    }

    private static int fdircmd() {
        return IxgbeRegs.FDIRCMD_QUEUE_EN
                | IxgbeRegs.FDIRCMD_LAST
                | IxgbeRegs.FDIRCMD_FILTER_UPDATE
                | IxgbeRegs.FDIRCMD_FILTER_VALID
                | IxgbeRegs.FDIRCMD_QUERY;
    }

    @Test
    void noTwoRegistersShareAnOffset() {
        Map<Integer, String> names = new HashMap<>();
        for (Register r : IxgbeRegs.TABLE.registers().values()) {
            for (int i = 0; i < r.count(); i++) {
                String other = names.put(r.at(i), r.name());
                assertTrue(other == null, () -> r + " is where " + other + " is");
                assertEquals(0, r.at(i) % 4, r.name());
            }
        }
    }

    /** The registers behind the sideband, of port 0 and of port 1. */
    @Test
    void theSidebandAgreesWithTheSummary() {
        String summary =
                """
                LINK_S1 4200 8200 LINK_CTRL_1 420C 820C AN_CNTL_1 422C 822C SGMII_CTRL 42A0 82A0
                LP_BASE_PAGE_HIGH 436C 836C PMD_FLX_MASK_ST20 5054 9054
                """;
        String[] words = summary.strip().split("\\s+", -1);
        assertEquals(3 * IxgbeKrm.values().length, words.length);
        for (int i = 0; i < words.length; i += 3) {
            IxgbeKrm register = IxgbeKrm.valueOf(words[i]);
            assertEquals(Integer.parseInt(words[i + 1], 16), register.address(0), words[i]);
            assertEquals(Integer.parseInt(words[i + 2], 16), register.address(1), words[i]);
        }
        assertEquals(0x2004_0000, IxgbeKrm.AN_ENABLE | IxgbeKrm.AN_CAP_KR);
        assertEquals(0x8001_0000, IxgbeKrm.AN_RESTART | IxgbeKrm.AN_CAP_KX);
        assertEquals(0x0000_3000, IxgbeKrm.AN_SGMII_EN | IxgbeKrm.AN_CLAUSE_37_EN);
        assertEquals(0x0000_0700, IxgbeKrm.FORCE_SPEED_MASK | IxgbeKrm.FORCE_SPEED_1G);
        assertEquals(0x0008_1000, IxgbeKrm.MAC_TAR_FORCE_10_D | IxgbeKrm.MAC_TAR_FORCE_100_D);
        assertEquals(0x3000_0c00, 3 << IxgbeKrm.AN_PAUSE_SHIFT | 3 << IxgbeKrm.LP_PAUSE_SHIFT);
        assertEquals(0x1000_0000, IxgbeKrm.MAC_AN_COMPLETE);
        assertEquals(0x0e00_0000, st20Ways());
        assertEquals(0x7000_0000, IxgbeKrm.ST20_SPEED_MASK | IxgbeKrm.ST20_SPEED_AN);
        assertEquals(0xa000_0000, IxgbeKrm.ST20_FW_AN_RESTART | IxgbeKrm.ST20_SPEED_1G);
    }

    private static int st20Ways() {
        return IxgbeKrm.ST20_SGMII_EN | IxgbeKrm.ST20_AN37_EN | IxgbeKrm.ST20_AN_EN;
    }

    @Test
    void idsAreDrivenOrRefusedAndNotBoth() {
        for (int id = 0; id <= 0xffff; id++) {
            boolean driven = IxgbeChip.model(0x8086, id).isPresent();
            assertTrue(!driven || IxgbeRefused.reason(id).isEmpty(), Integer.toHexString(id));
        }
        for (int id : new int[] {0x15aa, 0x15ab, 0x15ae, 0x15b0}) {
            assertEquals(IxgbeChip.X550EM_X, IxgbeChip.model(0x8086, id).orElseThrow().chip());
        }
        for (int id : new int[] {0x15c2, 0x15c3, 0x15c6, 0x15c7, 0x15e4, 0x15e5}) {
            assertEquals(IxgbeChip.X550EM_A, IxgbeChip.model(0x8086, id).orElseThrow().chip());
        }
        assertTrue(IxgbeRefused.reason(0x15ac).orElseThrow().contains("retimer"));
        assertTrue(IxgbeRefused.reason(0x1558).orElseThrow().contains("I2C"));
        assertTrue(IxgbeRefused.reason(0x10fb).isEmpty());
    }

    @Test
    void idsBelongToOneChip() {
        assertEquals(IxgbeChip.E82599, IxgbeChip.model(0x8086, 0x10f7).orElseThrow().chip());
        assertEquals(IxgbeChip.E82599, IxgbeChip.model(0x8086, 0x10fb).orElseThrow().chip());
        assertEquals(IxgbeChip.X540, IxgbeChip.model(0x8086, 0x1528).orElseThrow().chip());
        assertEquals(IxgbeChip.X550, IxgbeChip.model(0x8086, 0x1563).orElseThrow().chip());
        assertTrue(IxgbeChip.model(0x8086, 0x10c9).isEmpty());
        assertTrue(IxgbeChip.model(0x1234, 0x10fb).isEmpty());
    }
}
