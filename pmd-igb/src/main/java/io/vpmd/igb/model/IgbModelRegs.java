// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb.model;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;

/**
 * The registers of the model, transcribed a second time and apart from the driver's, so that a slip
 * in one of the two tables does not pass: a test compares them.
 */
final class IgbModelRegs {
    static final RegisterTable TABLE = new RegisterTable();
    static final int BAR_BYTES = 0x20000;

    static final Register CTRL = rw("CTRL", 0x00000);
    static final Register STATUS = TABLE.ro("STATUS", 0x00008, "");
    static final Register EECD = rw("EECD", 0x00010);
    static final Register EERD = rw("EERD", 0x00014);
    static final Register EEMNGCTL = TABLE.ro("EEMNGCTL", 0x01010, "");
    static final Register EEMNGCTL_I210 = TABLE.ro("EEMNGCTL_I210", 0x12030, "");
    static final Register CTRL_EXT = rw("CTRL_EXT", 0x00018);
    static final Register MDIC = rw("MDIC", 0x00020);
    static final Register FCAL = rw("FCAL", 0x00028);
    static final Register FCAH = rw("FCAH", 0x0002c);
    static final Register FCT = rw("FCT", 0x00030);
    static final Register CONNSW = rw("CONNSW", 0x00034);
    static final Register VET = rw("VET", 0x00038);
    static final Register RCTL = rw("RCTL", 0x00100);
    static final Register FCTTV = rw("FCTTV", 0x00170);
    static final Register TCTL = rw("TCTL", 0x00400);
    static final Register TCTL_EXT = rw("TCTL_EXT", 0x00404);
    static final Register TIPG = rw("TIPG", 0x00410);
    static final Register LEDCTL = rw("LEDCTL", 0x00e00);
    static final Register MDICNFG = rw("MDICNFG", 0x00e04);
    static final Register PHPM = rw("PHPM", 0x00e14);
    static final Register PBA = rw("PBA", 0x01000);
    static final Register I2CCMD = rw("I2CCMD", 0x01028);

    static final Register ICR = TABLE.rc("ICR", 0x000c0, "");
    static final Register ICS = TABLE.wo("ICS", 0x000c8, "");
    static final Register IMS = rw("IMS", 0x000d0);
    static final Register IMC = TABLE.wo("IMC", 0x000d8, "");
    static final Register IAM = rw("IAM", 0x000e0);
    static final Register GPIE = rw("GPIE", 0x01514);
    static final Register EICS = TABLE.wo("EICS", 0x01520, "");
    static final Register EIMS = rw("EIMS", 0x01524);
    static final Register EIMC = TABLE.wo("EIMC", 0x01528, "");
    static final Register EIAC = rw("EIAC", 0x0152c);
    static final Register EIAM = rw("EIAM", 0x01530);
    static final Register EICR = TABLE.rc("EICR", 0x01580, "");
    static final Register EITR = TABLE.rw("EITR", 0x01680, 4, 25, "");
    static final Register IVAR = TABLE.rw("IVAR", 0x01700, 4, 8, "");
    static final Register IVAR_MISC = rw("IVAR_MISC", 0x01740);

    static final Register FCRTL0 = rw("FCRTL0", 0x02160);
    static final Register FCRTH0 = rw("FCRTH0", 0x02168);
    static final Register RXPBS = rw("RXPBS", 0x02404);
    static final Register FCRTV = rw("FCRTV", 0x02460);
    static final Register TXPBS = rw("TXPBS", 0x03404);
    static final Register DTXTCPFLGL = rw("DTXTCPFLGL", 0x0359c);
    static final Register DTXTCPFLGH = rw("DTXTCPFLGH", 0x035a0);
    static final Register DTXCTL = rw("DTXCTL", 0x03590);

    static final Register PCS_CFG = rw("PCS_CFG", 0x04200);
    static final Register PCS_LCTL = rw("PCS_LCTL", 0x04208);
    static final Register PCS_LSTAT = TABLE.ro("PCS_LSTAT", 0x0420c, "");
    static final Register PCS_ANADV = rw("PCS_ANADV", 0x04218);
    static final Register PCS_LPAB = TABLE.ro("PCS_LPAB", 0x0421c, "");

    static final Register RXCSUM = rw("RXCSUM", 0x05000);
    static final Register RLPML = rw("RLPML", 0x05004);
    static final Register RFCTL = rw("RFCTL", 0x05008);
    static final Register MTA = TABLE.rw("MTA", 0x05200, 4, 128, "");
    static final Register RAL = TABLE.rw("RAL", 0x05400, 8, 16, "");
    static final Register RAH = TABLE.rw("RAH", 0x05404, 8, 16, "");
    static final Register RAL_HIGH = TABLE.rw("RAL_HIGH", 0x054e0, 8, 16, "");
    static final Register RAH_HIGH = TABLE.rw("RAH_HIGH", 0x054e4, 8, 16, "");
    static final Register PSRTYPE = TABLE.rw("PSRTYPE", 0x05480, 4, 8, "");
    static final Register VFTA = TABLE.rw("VFTA", 0x05600, 4, 128, "");
    static final Register WUC = rw("WUC", 0x05800);
    static final Register WUFC = rw("WUFC", 0x05808);
    static final Register WUS = rw("WUS", 0x05810);
    static final Register MRQC = rw("MRQC", 0x05818);
    static final Register VT_CTL = rw("VT_CTL", 0x0581c);
    static final Register MANC = rw("MANC", 0x05820);
    static final Register VMOLR = TABLE.rw("VMOLR", 0x05ad0, 4, 8, "");
    static final Register MANC2H = rw("MANC2H", 0x05860);
    static final Register GCR = rw("GCR", 0x05b00);
    static final Register FACTPS = TABLE.ro("FACTPS", 0x05b30, "");
    static final Register EEARBC = rw("EEARBC", 0x12024);
    static final Register INVM_DATA = TABLE.rw("INVM_DATA", 0x12120, 4, 64, "");
    static final Register SWSM = rw("SWSM", 0x05b50);
    static final Register FWSM = TABLE.ro("FWSM", 0x05b54, "");
    static final Register SW_FW_SYNC = rw("SW_FW_SYNC", 0x05b5c);
    static final Register RETA = TABLE.rw("RETA", 0x05c00, 4, 32, "");
    static final Register RSSRK = TABLE.rw("RSSRK", 0x05c80, 4, 10, "");
    static final Register UTA = TABLE.rw("UTA", 0x0a000, 4, 128, "");

    static final Register RDBAL = queue("RDBAL", 0x0c000);
    static final Register RDBAH = queue("RDBAH", 0x0c004);
    static final Register RDLEN = queue("RDLEN", 0x0c008);
    static final Register SRRCTL = queue("SRRCTL", 0x0c00c);
    static final Register RDH = queue("RDH", 0x0c010);
    static final Register DCA_RXCTRL = queue("DCA_RXCTRL", 0x0c014);
    static final Register RDT = queue("RDT", 0x0c018);
    static final Register RXDCTL = queue("RXDCTL", 0x0c028);
    static final Register RQDPC = TABLE.rc("RQDPC", 0x0c030, 0x40, 16, "");
    static final Register DVMOLR = queue("DVMOLR", 0x0c038);
    static final Register TDBAL = queue("TDBAL", 0x0e000);
    static final Register TDBAH = queue("TDBAH", 0x0e004);
    static final Register TDLEN = queue("TDLEN", 0x0e008);
    static final Register TDH = queue("TDH", 0x0e010);
    static final Register DCA_TXCTRL = queue("DCA_TXCTRL", 0x0e014);
    static final Register TDT = queue("TDT", 0x0e018);
    static final Register TXDCTL = queue("TXDCTL", 0x0e028);
    static final Register TDWBAL = queue("TDWBAL", 0x0e038);
    static final Register TDWBAH = queue("TDWBAH", 0x0e03c);

    static final int CTRL_FD = 0x0000_0001;
    static final int CTRL_GIO_MASTER_DISABLE = 0x0000_0004;
    static final int CTRL_SLU = 0x0000_0040;
    static final int CTRL_FRCSPD = 0x0000_0800;
    static final int CTRL_FRCDPLX = 0x0000_1000;
    static final int CTRL_RST = 0x0400_0000;
    static final int CTRL_RFCE = 0x0800_0000;
    static final int CTRL_TFCE = 0x1000_0000;
    static final int CTRL_DEV_RST = 0x2000_0000;
    static final int CTRL_VME = 0x4000_0000;
    static final int CTRL_PHY_RST = 0x8000_0000;
    static final int STATUS_FD = 0x0000_0001;
    static final int STATUS_LU = 0x0000_0002;
    static final int STATUS_TXOFF = 0x0000_0010;
    static final int STATUS_SPEED_100 = 0x0000_0040;
    static final int STATUS_SPEED_1000 = 0x0000_0080;
    static final int STATUS_GIO_MASTER_ENABLE = 0x0008_0000;
    static final int STATUS_DEV_RST_SET = 0x0010_0000;
    static final int STATUS_PF_RST_DONE = 0x0020_0000;
    static final int CTRL_EXT_SDP3_DATA = 0x0000_0080;
    static final int CTRL_EXT_LINK_MODE_SERDES = 0x00c0_0000;
    static final int CTRL_EXT_I2C_ENA = 0x0200_0000;
    static final int CTRL_EXT_EXTENDED_VLAN = 0x0400_0000;
    static final int EECD_PRESENT = 0x0000_0100;
    static final int EECD_AUTO_RD = 0x0000_0200;
    static final int EECD_FLASH_DETECTED = 0x0008_0000;
    static final int EECD_GRANT = 0x0000_0080;
    static final int EECD_REQUEST = 0x0000_0040;
    static final int EECD_SIZE_1024_WORDS = 4 << 11;
    static final int EEMNGCTL_CFG_DONE = 0x003c_0000;
    static final int EERD_START = 0x0000_0001;
    static final int EERD_DONE = 0x0000_0002;
    static final int MDIC_OP_WRITE = 0x0400_0000;
    static final int MDIC_OP_READ = 0x0800_0000;
    static final int MDIC_READY = 0x1000_0000;
    static final int MDIC_ERROR = 0x4000_0000;
    static final int I2CCMD_OP_READ = 0x0800_0000;
    static final int I2CCMD_READY = 0x2000_0000;
    static final int I2CCMD_ERROR = 0x8000_0000;
    static final int PCS_CFG_PCS_EN = 0x0000_0008;
    static final int PCS_LCTL_FSD = 0x0000_0010;
    static final int PCS_LCTL_AN_ENABLE = 0x0001_0000;
    static final int PCS_LCTL_AN_RESTART = 0x0002_0000;
    static final int PCS_LSTAT_LINK_OK = 0x0000_0001;
    static final int PCS_LSTAT_SPEED_1000 = 0x0000_0004;
    static final int PCS_LSTAT_DUPLEX_FULL = 0x0000_0008;
    static final int PCS_LSTAT_SYNC_OK = 0x0000_0010;
    static final int PCS_LSTAT_AN_COMPLETE = 0x0001_0000;
    static final int SWSM_SMBI = 0x0000_0001;
    static final int SWSM_SWESMBI = 0x0000_0002;
    static final int RCTL_EN = 0x0000_0002;
    static final int RCTL_SBP = 0x0000_0004;
    static final int RCTL_UPE = 0x0000_0008;
    static final int RCTL_MPE = 0x0000_0010;
    static final int RCTL_LPE = 0x0000_0020;
    static final int RCTL_LBM_MAC = 0x0000_0040;
    static final int RCTL_BAM = 0x0000_8000;
    static final int RCTL_VFE = 0x0004_0000;
    static final int RCTL_PMCF = 0x0080_0000;
    static final int RCTL_SECRC = 0x0400_0000;
    static final int TCTL_EN = 0x0000_0002;
    static final int TCTL_PSP = 0x0000_0008;
    static final int DCTL_ENABLE = 0x0200_0000;
    static final int SRRCTL_DROP_EN = 0x8000_0000;
    static final int RXCSUM_IPOFLD = 0x0000_0100;
    static final int RXCSUM_TUOFLD = 0x0000_0200;
    static final int RXCSUM_CRCOFLD = 0x0000_0800;
    static final int RXCSUM_PCSD = 0x0000_2000;
    static final int RFCTL_IPV6_EX_DIS = 0x0001_0000;
    static final int RAH_AV = 0x8000_0000;
    static final int RAH_ADDRESS = 0x0000_ffff;
    static final int GPIE_NSICR = 0x0000_0001;
    static final int GPIE_MULTIPLE_MSIX = 0x0000_0010;
    static final int GPIE_EIAME = 0x4000_0000;
    static final int ICR_TXDW = 0x0000_0001;
    static final int ICR_LSC = 0x0000_0004;
    static final int ICR_RXDW = 0x0000_0080;
    static final int ICR_FER = 0x0040_0000;
    static final int TDWBAL_HEAD = 0x0000_0001;

    private IgbModelRegs() {}

    private static Register rw(String name, int offset) {
        return TABLE.rw(name, offset, "");
    }

    private static Register queue(String name, int offset) {
        return TABLE.rw(name, offset, 0x40, 16, "");
    }
}
