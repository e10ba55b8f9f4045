// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;

/** The registers in use, from chapter 8; queue arrays have as many as the largest chip. */
final class IgbRegs {
    static final RegisterTable TABLE = new RegisterTable();

    // 8.2 General
    static final Register CTRL = TABLE.rw("CTRL", 0x0000, "Device Control");
    static final Register STATUS = TABLE.ro("STATUS", 0x0008, "Device Status");
    static final Register CTRL_EXT = TABLE.rw("CTRL_EXT", 0x0018, "Extended Device Control");
    static final Register MDIC = TABLE.rw("MDIC", 0x0020, "MDI Control");
    static final Register FCAL = TABLE.rw("FCAL", 0x0028, "Flow Control Address Low");
    static final Register FCAH = TABLE.rw("FCAH", 0x002c, "Flow Control Address High");
    static final Register FCT = TABLE.rw("FCT", 0x0030, "Flow Control Type");
    static final Register SCTL = TABLE.rw("SCTL", 0x0024, "SerDes Control");
    static final Register CONNSW = TABLE.rw("CONNSW", 0x0034, "Copper/Fiber Switch Control");
    static final Register VET = TABLE.rw("VET", 0x0038, "VLAN EtherType");
    static final Register FCTTV = TABLE.rw("FCTTV", 0x0170, "Flow Control Transmit Timer Value");
    static final Register LEDCTL = TABLE.rw("LEDCTL", 0x0e00, "LED Control");
    static final Register MDICNFG = TABLE.rw("MDICNFG", 0x0e04, "MDI Configuration (82580 on)");

    static final Register PHPM = TABLE.rw("PHPM", 0x0e14, "PHY Power Management (82580 on)");
    static final Register PCS_CFG0 = TABLE.rw("PCS_CFG0", 0x4200, "PCS Configuration");
    static final Register PCS_LCTL = TABLE.rw("PCS_LCTL", 0x4208, "PCS Link Control");
    static final Register PCS_LSTAT = TABLE.ro("PCS_LSTAT", 0x420c, "PCS Link Status");
    static final Register PCS_ANADV = TABLE.rw("PCS_ANADV", 0x4218, "PCS Advertisement");
    static final Register PCS_LPAB = TABLE.ro("PCS_LPAB", 0x421c, "PCS Link Partner Ability");

    static final Register I2CCMD = TABLE.rw("I2CCMD", 0x1028, "SFP I2C Command");

    // 8.4 NVM
    static final Register EECD = TABLE.rw("EECD", 0x0010, "EEPROM/Flash Control and Data");
    static final Register EERD = TABLE.rw("EERD", 0x0014, "EEPROM Read");
    static final Register EEARBC = TABLE.rw("EEARBC", 0x12024, "EEPROM Auto Read Bus (I21x)");
    static final Register INVM_DATA =
            TABLE.rw("INVM_DATA", 0x12120, 4, 64, "Words of the iNVM (I210, I211)");

    // PCI Express
    static final Register GCR = TABLE.rw("GCR", 0x5b00, "PCIe Control");
    static final Register FACTPS = TABLE.ro("FACTPS", 0x5b30, "Function Active and Power State");

    // 8.6 Semaphores
    static final Register SWSM = TABLE.rw("SWSM", 0x5b50, "Software Semaphore");
    static final Register FWSM = TABLE.rw("FWSM", 0x5b54, "Firmware Semaphore");
    static final Register SW_FW_SYNC = TABLE.rw("SW_FW_SYNC", 0x5b5c, "Resource ownership");

    // 8.8 Interrupts
    // ICR to IAM at the alias offsets of 8.1.3, which every driver uses: QEMU has no others.
    static final Register ICR = TABLE.rc("ICR", 0x00c0, "Interrupt Cause Read");
    static final Register ICS = TABLE.wo("ICS", 0x00c8, "Interrupt Cause Set");
    static final Register IMS = TABLE.rw("IMS", 0x00d0, "Interrupt Mask Set");
    static final Register IMC = TABLE.wo("IMC", 0x00d8, "Interrupt Mask Clear");
    static final Register IAM = TABLE.rw("IAM", 0x00e0, "Interrupt Acknowledge Auto Mask");
    static final Register GPIE = TABLE.rw("GPIE", 0x1514, "General Purpose Interrupt Enable");
    static final Register EICR = TABLE.rc("EICR", 0x1580, "Extended Interrupt Cause Read");
    static final Register EICS = TABLE.wo("EICS", 0x1520, "Extended Interrupt Cause Set");
    static final Register EIMS = TABLE.rw("EIMS", 0x1524, "Extended Interrupt Mask Set");
    static final Register EIMC = TABLE.wo("EIMC", 0x1528, "Extended Interrupt Mask Clear");
    static final Register EIAC = TABLE.rw("EIAC", 0x152c, "Extended Interrupt Auto Clear");
    static final Register EIAM = TABLE.rw("EIAM", 0x1530, "Extended Interrupt Auto Mask");
    static final Register EITR = TABLE.rw("EITR", 0x1680, 4, 25, "Interrupt Throttle");
    static final Register IVAR = TABLE.rw("IVAR", 0x1700, 4, 8, "Interrupt Vector Allocation");
    static final Register IVAR_MISC = TABLE.rw("IVAR_MISC", 0x1740, "Vectors of other causes");

    // 8.10 Receive
    static final Register RCTL = TABLE.rw("RCTL", 0x0100, "Receive Control");
    static final Register FCRTL0 = TABLE.rw("FCRTL0", 0x2160, "Flow Control Threshold Low");
    static final Register FCRTH0 = TABLE.rw("FCRTH0", 0x2168, "Flow Control Threshold High");
    static final Register RXPBS = TABLE.rw("RXPBS", 0x2404, "Receive Packet Buffer Size");
    static final Register FCRTV = TABLE.rw("FCRTV", 0x2460, "Flow Control Refresh Timer Value");
    static final Register RXCSUM = TABLE.rw("RXCSUM", 0x5000, "Receive Checksum Control");
    static final Register RLPML = TABLE.rw("RLPML", 0x5004, "Long Packet Maximum Length");
    static final Register RFCTL = TABLE.rw("RFCTL", 0x5008, "Receive Filter Control");
    static final Register MTA = TABLE.rw("MTA", 0x5200, 4, 128, "Multicast Table Array");
    static final Register RAL = TABLE.rw("RAL", 0x5400, 8, 16, "Receive Address Low");
    static final Register RAH = TABLE.rw("RAH", 0x5404, 8, 16, "Receive Address High");
    static final Register RAL2 = TABLE.rw("RAL2", 0x54e0, 8, 16, "Receive Address Low 16 on");
    static final Register RAH2 = TABLE.rw("RAH2", 0x54e4, 8, 16, "Receive Address High 16 on");
    static final Register ETQF = TABLE.rw("ETQF", 0x5cb0, 4, 8, "EtherType Queue Filter");
    static final Register VFTA = TABLE.rw("VFTA", 0x5600, 4, 128, "VLAN Filter Table Array");
    static final Register MRQC = TABLE.rw("MRQC", 0x5818, "Multiple Receive Queues Command");
    static final Register RETA = TABLE.rw("RETA", 0x5c00, 4, 32, "Redirection Table");
    static final Register RSSRK = TABLE.rw("RSSRK", 0x5c80, 4, 10, "RSS Random Key");
    static final Register RDBAL = queue("RDBAL", 0xc000, "Receive Descriptor Base Low");
    static final Register RDBAH = queue("RDBAH", 0xc004, "Receive Descriptor Base High");
    static final Register RDLEN = queue("RDLEN", 0xc008, "Receive Descriptor Ring Length");
    static final Register SRRCTL = queue("SRRCTL", 0xc00c, "Split and Replication Control");
    static final Register RDH = queue("RDH", 0xc010, "Receive Descriptor Head");
    static final Register DCA_RXCTRL = queue("DCA_RXCTRL", 0xc014, "Receive DCA Control");
    static final Register RDT = queue("RDT", 0xc018, "Receive Descriptor Tail");
    static final Register RXDCTL = queue("RXDCTL", 0xc028, "Receive Descriptor Control");
    static final Register RQDPC =
            TABLE.rc("RQDPC", 0xc030, 0x40, 16, "Receive Queue Drop Packet Count");
    static final Register DVMOLR =
            queue("DVMOLR", 0xc038, "Offloads of a queue (I350, I354, I21x)");

    // 8.12 Transmit
    static final Register TCTL = TABLE.rw("TCTL", 0x0400, "Transmit Control");
    static final Register TCTL_EXT = TABLE.rw("TCTL_EXT", 0x0404, "Transmit Control Extended");
    static final Register TIPG = TABLE.rw("TIPG", 0x0410, "Transmit Inter Packet Gap");
    static final Register TDBAL = queue("TDBAL", 0xe000, "Transmit Descriptor Base Low");
    static final Register TDBAH = queue("TDBAH", 0xe004, "Transmit Descriptor Base High");
    static final Register TDLEN = queue("TDLEN", 0xe008, "Transmit Descriptor Ring Length");
    static final Register TDH = queue("TDH", 0xe010, "Transmit Descriptor Head");
    static final Register DCA_TXCTRL = queue("DCA_TXCTRL", 0xe014, "Transmit DCA Control");
    static final Register TDT = queue("TDT", 0xe018, "Transmit Descriptor Tail");
    static final Register TXDCTL = queue("TXDCTL", 0xe028, "Transmit Descriptor Control");
    static final Register TDWBAL = queue("TDWBAL", 0xe038, "Head Write-back Address Low");
    static final Register TDWBAH = queue("TDWBAH", 0xe03c, "Head Write-back Address High");

    // 8.20 Power management and wake-up
    static final Register WUC = TABLE.rw("WUC", 0x5800, "Wake Up Control");
    static final Register MANC = TABLE.rw("MANC", 0x5820, "Management Control");
    static final Register MANC2H = TABLE.rw("MANC2H", 0x5860, "Management Control To Host");

    // Time synchronization
    static final Register TSYNCRXCFG = TABLE.rw("TSYNCRXCFG", 0x5f50, "Time Sync Rx Configuration");
    static final Register SYSTIML = TABLE.rw("SYSTIML", 0xb600, "System Time Low");
    static final Register SYSTIMH = TABLE.rw("SYSTIMH", 0xb604, "System Time High");
    static final Register TIMINCA = TABLE.rw("TIMINCA", 0xb608, "Increment Attributes");
    static final Register TSYNCTXCTL = TABLE.rw("TSYNCTXCTL", 0xb614, "Tx Time Sync Control");
    static final Register TXSTMPL = TABLE.ro("TXSTMPL", 0xb618, "Tx Timestamp Low");
    static final Register TXSTMPH = TABLE.ro("TXSTMPH", 0xb61c, "Tx Timestamp High");
    static final Register TSYNCRXCTL = TABLE.rw("TSYNCRXCTL", 0xb620, "Rx Time Sync Control");
    static final Register RXSTMPL = TABLE.ro("RXSTMPL", 0xb624, "Rx Timestamp Low");
    static final Register RXSTMPH = TABLE.ro("RXSTMPH", 0xb628, "Rx Timestamp High");

    static final Register TSAUXC = TABLE.rw("TSAUXC", 0xb640, "Auxiliary Control (82580 on)");
    static final Register SYSTIMR = TABLE.rw("SYSTIMR", 0xb6f8, "System Time Residue (82580 on)");

    static final Register RXSATRH = TABLE.ro("RXSATRH", 0xb630, "Rx Timestamp Attributes High");

    private IgbRegs() {}

    private static Register queue(String name, int offset, String meaning) {
        return TABLE.rw(name, offset, 0x40, 16, meaning);
    }

    // CTRL, 8.2.1
    static final int CTRL_FD = 1;
    static final int CTRL_GIO_MASTER_DISABLE = 1 << 2;
    static final int CTRL_SLU = 1 << 6;
    static final int CTRL_FRCSPD = 1 << 11;
    static final int CTRL_FRCDPLX = 1 << 12;
    static final int CTRL_RST = 1 << 26;
    static final int CTRL_RFCE = 1 << 27;
    static final int CTRL_TFCE = 1 << 28;
    static final int CTRL_VME = 1 << 30;
    static final int CTRL_PHY_RST = 1 << 31;

    static final int CTRL_SPD_1000 = 1 << 9;
    static final int CTRL_SPD_MASK = 3 << 8;
    static final int CTRL_SWDPINS = 3 << 18;

    // STATUS, 8.2.2
    static final int STATUS_FD = 1;
    static final int STATUS_LU = 1 << 1;
    static final int STATUS_SPEED_SHIFT = 6;
    static final int STATUS_SPEED_MASK = 3;
    static final int STATUS_GIO_MASTER_ENABLE = 1 << 19;
    static final int STATUS_FUNCTION_SHIFT = 2;
    static final int STATUS_FUNCTION_MASK = 3;

    // CTRL_EXT, 8.2.3
    static final int CTRL_EXT_DRV_LOAD = 1 << 28;

    static final int CTRL_EXT_SDP3_DATA = 1 << 7;
    static final int CTRL_EXT_SDLPE = 1 << 18;
    static final int CTRL_EXT_PHYPDEN = 1 << 20;
    static final int CTRL_EXT_LINK_MODE_MASK = 3 << 22;
    static final int CTRL_EXT_LINK_MODE_KX = 1 << 22;
    static final int CTRL_EXT_LINK_MODE_SGMII = 2 << 22;
    static final int CTRL_EXT_I2C_ENA = 1 << 25;
    static final int CTRL_EXT_EXTENDED_VLAN = 1 << 26;

    // PCS_CFG0, PCS_LCTL, PCS_LSTAT, SCTL
    static final int PCS_CFG0_PCS_EN = 1 << 3;
    static final int PCS_LCTL_FLV_LINK_UP = 1;
    static final int PCS_LCTL_FSV_1000 = 2 << 1;
    static final int PCS_LCTL_FDV_FULL = 1 << 3;
    static final int PCS_LCTL_FSD = 1 << 4;
    static final int PCS_LCTL_FORCE_LINK = 1 << 5;
    static final int PCS_LCTL_FORCE_FCTRL = 1 << 7;
    static final int PCS_LCTL_AN_ENABLE = 1 << 16;
    static final int PCS_LCTL_AN_RESTART = 1 << 17;
    static final int PCS_LCTL_AN_TIMEOUT = 1 << 18;
    static final int PCS_LSTAT_LINK_OK = 1;
    static final int PCS_LSTAT_SPEED_SHIFT = 1;
    static final int PCS_LSTAT_DUPLEX_FULL = 1 << 3;
    static final int PCS_LSTAT_SYNC_OK = 1 << 4;
    static final int SCTL_NO_LOOPBACK = 0x0400;

    // PHPM of 82580 on
    static final int PHPM_GO_LINK_DISCONNECT = 1 << 5;

    // MDICNFG of 82580 on
    static final int MDICNFG_EXT_MDIO = 1 << 31;
    static final int MDICNFG_COM_MDIO = 1 << 30;

    // GCR
    static final int GCR_TIMEOUT_MASK = 0xf << 12;
    static final int GCR_TIMEOUT_10_MS = 1 << 12;
    static final int GCR_TIMEOUT_RESEND = 1 << 16;
    static final int GCR_CAPABILITY_2 = 1 << 18;

    // MANC, MANC2H, FACTPS, FWSM
    static final int MANC_ARP_EN = 1 << 13;
    static final int MANC_RCV_TCO_EN = 1 << 17;
    static final int MANC_BLK_PHY_RST = 1 << 18;
    static final int MANC_EN_MNG2HOST = 1 << 21;
    static final int MANC2H_PORT_623 = 1 << 5;
    static final int MANC2H_PORT_664 = 1 << 6;
    static final int FACTPS_MNGCG = 1 << 29;
    static final int FWSM_MODE_MASK = 7 << 1;
    static final int FWSM_MODE_PASS_THROUGH = 2 << 1;

    // EECD and EERD, 8.4.1 and 8.4.2
    static final int EECD_AUTO_RD = 1 << 9;
    static final int EECD_SIZE_SHIFT = 11;
    static final int EECD_SIZE_MASK = 15;
    static final int EECD_BLOCKED = 1 << 15;
    static final int EECD_ABORT = 1 << 16;
    static final int EECD_TIMEOUT = 1 << 17;
    static final int EECD_ERROR_CLEAR = 1 << 18;
    static final int EECD_FLASH_DETECTED = 1 << 19;
    static final int EEARBC_ADDR_SHIFT = 4;
    static final int EEARBC_DATA_SHIFT = 16;
    static final int EERD_START = 1;
    static final int EERD_DONE = 1 << 1;
    static final int EERD_ADDR_SHIFT = 2;
    static final int EERD_DATA_SHIFT = 16;

    // SWSM and SW_FW_SYNC, 8.6; firmware's bits are 16 higher
    static final int SWSM_SMBI = 1;
    static final int SWSM_SWESMBI = 1 << 1;
    static final int SYNC_NVM = 1;
    static final int SYNC_PHY0 = 1 << 1;
    static final int SYNC_PHY1 = 1 << 2;
    static final int SYNC_PHY2 = 1 << 5;
    static final int SYNC_PHY3 = 1 << 6;

    // ICR, IMS, IMC, ICS, 8.8
    static final int ICR_LSC = 1 << 2;
    static final int ICR_RXDW = 1 << 7;

    // GPIE, 8.8
    static final int GPIE_NSICR = 1;
    static final int GPIE_MULTIPLE_MSIX = 1 << 4;
    static final int GPIE_EIAME = 1 << 30;
    static final int GPIE_PBA_SUPPORT = 1 << 31;

    // IVAR and IVAR_MISC, 8.8
    static final int IVAR_VALID = 1 << 7;
    static final int IVAR_OTHER_SHIFT = 8;

    // RCTL, 8.10.1
    static final int RCTL_EN = 1 << 1;
    static final int RCTL_UPE = 1 << 3;
    static final int RCTL_MPE = 1 << 4;
    static final int RCTL_LPE = 1 << 5;
    static final int RCTL_BAM = 1 << 15;
    static final int RCTL_VFE = 1 << 18;
    static final int RCTL_SECRC = 1 << 26;

    static final int RCTL_LBM_MAC = 1 << 6;
    static final int RCTL_LBM_MASK = 3 << 6;
    static final int RCTL_DPF = 1 << 22;

    // FCRTL0
    static final int FCRTL_XONE = 1 << 31;

    // SRRCTL, 8.10.2
    static final int SRRCTL_DESCTYPE_ADVANCED = 1 << 25;
    static final int SRRCTL_DROP_EN = 1 << 31;

    // RXDCTL and TXDCTL, 8.10.9 and 8.12.15
    static final int XDCTL_ENABLE = 1 << 25;
    static final int XDCTL_WTHRESH_SHIFT = 16;
    static final int XDCTL_HTHRESH_SHIFT = 8;

    // RXCSUM, 8.10.14
    static final int RXCSUM_IPOFLD = 1 << 8;
    static final int RXCSUM_TUOFLD = 1 << 9;
    static final int RXCSUM_CRCOFLD = 1 << 11;
    static final int RXCSUM_PCSD = 1 << 13;

    // RFCTL, 8.10.16
    static final int RFCTL_IPV6_EX_DIS = 1 << 16;

    // TSAUXC
    static final int TSAUXC_DISABLE_SYSTIM = 1 << 31;

    // RAH, 8.10.18
    static final int RAH_AV = 1 << 31;

    // MRQC, 8.10.23
    static final int MRQC_RSS = 2;
    static final int MRQC_TCP_IPV4 = 1 << 16;
    static final int MRQC_IPV4 = 1 << 17;
    static final int MRQC_IPV6 = 1 << 20;
    static final int MRQC_TCP_IPV6 = 1 << 21;
    static final int MRQC_UDP_IPV4 = 1 << 22;
    static final int MRQC_UDP_IPV6 = 1 << 23;

    // DVMOLR of I350, I354, I210, I211
    static final int DVMOLR_STRVLAN = 1 << 30;
    static final int DVMOLR_STRCRC = 1 << 31;

    // TCTL, 8.12.1
    static final int TCTL_EN = 1 << 1;
    static final int TCTL_PSP = 1 << 3;
    static final int TCTL_CT_SHIFT = 4;
    static final int TCTL_BST_SHIFT = 12;

    // MDIC, 8.2.4
    static final int MDIC_REG_SHIFT = 16;
    static final int MDIC_PHY_SHIFT = 21;
    static final int MDIC_WRITE = 1 << 26;
    static final int MDIC_READ = 1 << 27;
    static final int MDIC_READY = 1 << 28;
    static final int MDIC_ERROR = 1 << 30;
    static final int MDIC_DESTINATION = 1 << 31;

    // I2CCMD
    static final int I2CCMD_REGADD_SHIFT = 16;
    static final int I2CCMD_PHYADD_SHIFT = 24;
    static final int I2CCMD_PHYADD_MASK = 7;
    static final int I2CCMD_READ = 1 << 27;
    static final int I2CCMD_READY = 1 << 29;
    static final int I2CCMD_ERROR = 1 << 31;
}
