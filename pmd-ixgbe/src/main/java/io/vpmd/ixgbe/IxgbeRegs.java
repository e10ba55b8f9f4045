// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;

/** The registers in use, from 8.2.3, in order of address; queue arrays stop at 64. */
final class IxgbeRegs {
    static final RegisterTable TABLE = new RegisterTable();

    // 8.2.3.1 General
    static final Register CTRL = TABLE.rw("CTRL", 0x00000, "Device Control");
    static final Register STATUS = TABLE.ro("STATUS", 0x00008, "Device Status");
    static final Register CTRL_EXT = TABLE.rw("CTRL_EXT", 0x00018, "Extended Device Control");
    static final Register ESDP = TABLE.rw("ESDP", 0x00020, "Extended SDP Control");
    static final Register I2CCTL = TABLE.rw("I2CCTL", 0x00028, "I2C Control (before X550)");
    static final Register LEDCTL = TABLE.rw("LEDCTL", 0x00200, "LED Control");

    // 8.2.3.5 Interrupts
    static final Register EICR = TABLE.rc("EICR", 0x00800, "Interrupt Cause Read");
    static final Register EICS = TABLE.wo("EICS", 0x00808, "Interrupt Cause Set");
    static final Register EIAC = TABLE.rw("EIAC", 0x00810, "Interrupt Auto Clear");
    static final Register EITR = TABLE.rw("EITR", 0x00820, 4, 24, "Interrupt Throttle");
    static final Register EIMS = TABLE.rw("EIMS", 0x00880, "Interrupt Mask Set");
    static final Register EIMC = TABLE.wo("EIMC", 0x00888, "Interrupt Mask Clear");
    static final Register EIAM = TABLE.rw("EIAM", 0x00890, "Interrupt Auto Mask");
    static final Register GPIE = TABLE.rw("GPIE", 0x00898, "General Purpose Interrupt Enable");
    static final Register IVAR = TABLE.rw("IVAR", 0x00900, 4, 64, "Interrupt Vector Allocation");
    static final Register IVAR_MISC = TABLE.rw("IVAR_MISC", 0x00a00, "Vectors of other causes");
    static final Register EIMC_EX =
            TABLE.rw("EIMC_EX", 0x00ab0, 4, 2, "Interrupt Mask Clear, 64 vectors");

    // 8.2.3.8 Receive DMA
    static final Register RDBAL = queue("RDBAL", 0x01000, "Receive Descriptor Base Low");
    static final Register RDBAH = queue("RDBAH", 0x01004, "Receive Descriptor Base High");
    static final Register RDLEN = queue("RDLEN", 0x01008, "Receive Descriptor Ring Length");
    static final Register DCA_RXCTRL = queue("DCA_RXCTRL", 0x0100c, "Receive DCA Control");
    static final Register RDH = queue("RDH", 0x01010, "Receive Descriptor Head");
    static final Register SRRCTL = queue("SRRCTL", 0x01014, "Split and Replication Control");
    static final Register RDT = queue("RDT", 0x01018, "Receive Descriptor Tail");
    static final Register RXDCTL = queue("RXDCTL", 0x01028, "Receive Descriptor Control");
    static final Register RSCCTL = queue("RSCCTL", 0x0102c, "RSC Control");
    static final Register RQSMR =
            TABLE.rw("RQSMR", 0x02300, 4, 32, "Receive Queue Statistic Mapping");
    static final Register RDRXCTL = TABLE.rw("RDRXCTL", 0x02f00, "Receive DMA Control");
    static final Register RSCDBU = TABLE.rw("RSCDBU", 0x03028, "RSC Data Buffer Control");
    static final Register RXCTRL = TABLE.rw("RXCTRL", 0x03000, "Receive Control");

    // 8.2.3.3 Flow control, and packet buffers
    static final Register FCTTV = TABLE.rw("FCTTV", 0x03200, 4, 4, "Pause Timer Value");
    static final Register FCRTL = TABLE.rw("FCRTL", 0x03220, 4, 8, "Flow Control Threshold Low");
    static final Register FCRTH = TABLE.rw("FCRTH", 0x03260, 4, 8, "Flow Control Threshold High");
    static final Register FCRTV = TABLE.rw("FCRTV", 0x032a0, "Flow Control Refresh Threshold");
    static final Register RXPBSIZE =
            TABLE.rw("RXPBSIZE", 0x03c00, 4, 8, "Receive Packet Buffer Size");
    static final Register FCCFG = TABLE.rw("FCCFG", 0x03d00, "Flow Control Configuration");

    // 8.2.3.22 MAC and link
    static final Register PCS1GANA = TABLE.rw("PCS1GANA", 0x04218, "1G Advertisement");
    static final Register PCS1GANLP = TABLE.ro("PCS1GANLP", 0x0421c, "1G Link Partner Ability");
    static final Register HLREG0 = TABLE.rw("HLREG0", 0x04240, "MAC Core Control 0");
    static final Register MSCA = TABLE.rw("MSCA", 0x0425c, "MDI Single Command and Address");
    static final Register MSRWD = TABLE.rw("MSRWD", 0x04260, "MDI Read and Write Data");
    static final Register MAXFRS = TABLE.rw("MAXFRS", 0x04268, "Max Frame Size");
    static final Register MFLCN = TABLE.rw("MFLCN", 0x04294, "MAC Flow Control");
    static final Register AUTOC = TABLE.rw("AUTOC", 0x042a0, "Auto-Negotiation Control");
    static final Register LINKS = TABLE.ro("LINKS", 0x042a4, "Link Status");
    static final Register AUTOC2 = TABLE.rw("AUTOC2", 0x042a8, "Auto-Negotiation Control 2");
    static final Register ANLP1 = TABLE.ro("ANLP1", 0x042b0, "Link Partner Control Word 1");
    static final Register MMNGC = TABLE.ro("MMNGC", 0x042d0, "MAC Manageability Control");
    static final Register MACC = TABLE.rw("MACC", 0x04330, "MAC Control (X540, X550)");

    // 8.2.3.10 Transmit arbiter and DMA
    static final Register RTTDCS = TABLE.rw("RTTDCS", 0x04900, "Transmit Arbiter Control");
    static final Register RTTDQSEL = TABLE.rw("RTTDQSEL", 0x04904, "Transmit Queue Select");
    static final Register TXPBTHRESH =
            TABLE.rw("TXPBTHRESH", 0x04950, 4, 8, "Transmit Packet Buffer Threshold");
    static final Register RTTBCNRM = TABLE.rw("RTTBCNRM", 0x04980, "Transmit Rate Memory Window");
    static final Register RTTBCNRC = TABLE.rw("RTTBCNRC", 0x04984, "Transmit Rate Scheduler");
    static final Register DMATXCTL = TABLE.rw("DMATXCTL", 0x04a80, "Transmit DMA Control");

    // 8.2.3.7 Receive
    static final Register RXCSUM = TABLE.rw("RXCSUM", 0x05000, "Receive Checksum Control");
    static final Register RFCTL = TABLE.rw("RFCTL", 0x05008, "Receive Filter Control");
    static final Register EXVET = TABLE.rw("EXVET", 0x05078, "Extended VLAN EtherType");
    static final Register FCTRL = TABLE.rw("FCTRL", 0x05080, "Filter Control");
    static final Register VLNCTRL = TABLE.rw("VLNCTRL", 0x05088, "VLAN Control");
    static final Register MCSTCTRL = TABLE.rw("MCSTCTRL", 0x05090, "Multicast Control");
    static final Register RXMTRL = TABLE.rw("RXMTRL", 0x05120, "Rx Message Type");
    static final Register ETQF = TABLE.rw("ETQF", 0x05128, 4, 8, "EtherType Queue Filter");
    static final Register TSYNCRXCTL = TABLE.rw("TSYNCRXCTL", 0x05188, "Rx Time Sync Control");
    static final Register RXSTMPH = TABLE.ro("RXSTMPH", 0x051a4, "Rx Timestamp High");
    static final Register RXSTMPL = TABLE.ro("RXSTMPL", 0x051e8, "Rx Timestamp Low");
    static final Register MTA = TABLE.rw("MTA", 0x05200, 4, 128, "Multicast Table Array");
    static final Register WUC = TABLE.rw("WUC", 0x05800, "Wake Up Control");

    // 8.2.3.9 Transmit queues
    static final Register TDBAL = queue("TDBAL", 0x06000, "Transmit Descriptor Base Low");
    static final Register TDBAH = queue("TDBAH", 0x06004, "Transmit Descriptor Base High");
    static final Register TDLEN = queue("TDLEN", 0x06008, "Transmit Descriptor Ring Length");
    static final Register DCA_TXCTRL = queue("DCA_TXCTRL", 0x0600c, "Transmit DCA Control");
    static final Register TDH = queue("TDH", 0x06010, "Transmit Descriptor Head");
    static final Register TDT = queue("TDT", 0x06018, "Transmit Descriptor Tail");
    static final Register TXDCTL = queue("TXDCTL", 0x06028, "Transmit Descriptor Control");
    static final Register TDWBAL = queue("TDWBAL", 0x06038, "Head Write-back Address Low");
    static final Register TDWBAH = queue("TDWBAH", 0x0603c, "Head Write-back Address High");
    static final Register DTXMXSZRQ = TABLE.rw("DTXMXSZRQ", 0x08100, "Transmit Max Requests");
    static final Register MTQC = TABLE.rw("MTQC", 0x08120, "Multiple Transmit Queues Command");
    static final Register TQSM =
            TABLE.rw("TQSM", 0x08600, 4, 32, "Transmit Queue Statistic Mapping");
    static final Register TSYNCTXCTL = TABLE.rw("TSYNCTXCTL", 0x08c00, "Tx Time Sync Control");
    static final Register TXSTMPL = TABLE.ro("TXSTMPL", 0x08c04, "Tx Timestamp Low");
    static final Register TXSTMPH = TABLE.ro("TXSTMPH", 0x08c08, "Tx Timestamp High");
    static final Register SYSTIML = TABLE.rw("SYSTIML", 0x08c0c, "System Time Low");
    static final Register SYSTIMH = TABLE.rw("SYSTIMH", 0x08c10, "System Time High");
    static final Register TIMINCA = TABLE.rw("TIMINCA", 0x08c14, "Increment Attributes");
    static final Register TSAUXC = TABLE.rw("TSAUXC", 0x08c20, "Auxiliary Control (X550)");
    static final Register SYSTIMR = TABLE.rw("SYSTIMR", 0x08c58, "System Time Residue (X550)");
    static final Register SECRXCTRL = TABLE.rw("SECRXCTRL", 0x08d00, "Security Rx Control");
    static final Register SECRXSTAT = TABLE.ro("SECRXSTAT", 0x08d04, "Security Rx Status");

    // Filter tables
    static final Register VFTA = TABLE.rw("VFTA", 0x0a000, 4, 128, "VLAN Filter Table Array");
    static final Register RAL = TABLE.rw("RAL", 0x0a200, 8, 128, "Receive Address Low");
    static final Register RAH = TABLE.rw("RAH", 0x0a204, 8, 128, "Receive Address High");
    static final Register MPSAR = TABLE.rw("MPSAR", 0x0a600, 4, 256, "MAC Pool Select Array");
    static final Register TXPBSIZE =
            TABLE.rw("TXPBSIZE", 0x0cc00, 4, 8, "Transmit Packet Buffer Size");
    static final Register PSRTYPE = TABLE.rw("PSRTYPE", 0x0ea00, 4, 64, "Packet Split Type");
    static final Register RETA = TABLE.rw("RETA", 0x0eb00, 4, 32, "Redirection Table");
    static final Register RSSRK = TABLE.rw("RSSRK", 0x0eb80, 4, 10, "RSS Random Key");
    static final Register MRQC = TABLE.rw("MRQC", 0x0ec80, "Multiple Receive Queues Command");
    static final Register FDIRCTRL = TABLE.rw("FDIRCTRL", 0x0ee00, "Flow Director Control");
    static final Register FDIRSIPV6 =
            TABLE.rw("FDIRSIPV6", 0x0ee0c, 4, 3, "Flow Director Source IPv6");
    static final Register FDIRIPSA = TABLE.rw("FDIRIPSA", 0x0ee18, "Flow Director Source IP");
    static final Register FDIRIPDA = TABLE.rw("FDIRIPDA", 0x0ee1c, "Flow Director Destination IP");
    static final Register FDIRPORT = TABLE.rw("FDIRPORT", 0x0ee20, "Flow Director Ports");
    static final Register FDIRVLAN = TABLE.rw("FDIRVLAN", 0x0ee24, "Flow Director VLAN and Flex");
    static final Register FDIRHASH = TABLE.rw("FDIRHASH", 0x0ee28, "Flow Director Hash");
    static final Register FDIRCMD = TABLE.rw("FDIRCMD", 0x0ee2c, "Flow Director Command");
    static final Register FDIRDIP4M = TABLE.rw("FDIRDIP4M", 0x0ee3c, "Destination IPv4 Mask");
    static final Register FDIRSIP4M = TABLE.rw("FDIRSIP4M", 0x0ee40, "Source IPv4 Mask");
    static final Register FDIRTCPM = TABLE.rw("FDIRTCPM", 0x0ee44, "TCP Port Mask");
    static final Register FDIRUDPM = TABLE.rw("FDIRUDPM", 0x0ee48, "UDP Port Mask");
    static final Register FDIRHKEY = TABLE.rw("FDIRHKEY", 0x0ee68, "Bucket Hash Key");
    static final Register FDIRSKEY = TABLE.rw("FDIRSKEY", 0x0ee6c, "Signature Hash Key");
    static final Register FDIRM = TABLE.rw("FDIRM", 0x0ee70, "Flow Director Other Masks");
    static final Register FDIRSCTPM = TABLE.rw("FDIRSCTPM", 0x0ee78, "SCTP Port Mask");
    static final Register ERETA = TABLE.rw("ERETA", 0x0ee80, 4, 96, "RETA beyond 128 (X550)");
    static final Register PFUTA = TABLE.rw("PFUTA", 0x0f400, 4, 128, "Unicast Table Array");

    // 8.2.3.2 EEPROM, 8.2.3.4 PCI Express and semaphores
    static final Register EEC = TABLE.rw("EEC", 0x10010, "EEPROM and Flash Control");
    static final Register EERD = TABLE.rw("EERD", 0x10014, "EEPROM Read");
    static final Register SWSM = TABLE.rw("SWSM", 0x10140, "Software Semaphore");
    static final Register FWSM = TABLE.ro("FWSM", 0x10148, "Firmware Semaphore");
    static final Register SW_FW_SYNC = TABLE.rw("SW_FW_SYNC", 0x10160, "Resource ownership");
    static final Register GCR_EXT = TABLE.rw("GCR_EXT", 0x11050, "PCIe Control Extended");
    static final Register SB_IOSF_INDIRECT_CTRL =
            TABLE.rw("SB_IOSF_INDIRECT_CTRL", 0x11144, "Sideband Control (X550EM_x)");
    static final Register SB_IOSF_INDIRECT_DATA =
            TABLE.rw("SB_IOSF_INDIRECT_DATA", 0x11148, "Sideband Data (X550EM_x)");
    static final Register NW_MNG_IF_SEL =
            TABLE.ro("NW_MNG_IF_SEL", 0x11178, "Interfaces of the board (X550EM)");
    static final Register CORECTL = TABLE.wo("CORECTL", 0x14f00, "Core Analog Configuration");
    static final Register FLEX_MNG =
            TABLE.rw("FLEX_MNG", 0x15800, 4, 448, "Window of the firmware's memory");
    static final Register FWSTS = TABLE.rw("FWSTS", 0x15f0c, "Firmware Status");
    static final Register HICR = TABLE.rw("HICR", 0x15f00, "Host Interface Control");

    private IxgbeRegs() {}

    private static Register queue(String name, int offset, String meaning) {
        return TABLE.rw(name, offset, 0x40, 64, meaning);
    }

    // CTRL, 8.2.3.1.1
    static final int CTRL_GIO_DIS = 1 << 2;
    static final int CTRL_LRST = 1 << 3;
    static final int CTRL_RST = 1 << 26;

    // STATUS, 8.2.3.1.2
    static final int STATUS_LAN_ID_SHIFT = 2;
    static final int STATUS_LAN_ID_MASK = 3;
    static final int STATUS_GIO = 1 << 19;

    // CTRL_EXT, 8.2.3.1.3
    static final int CTRL_EXT_NS_DIS = 1 << 16;
    static final int CTRL_EXT_EXTENDED_VLAN = 1 << 26;
    static final int CTRL_EXT_DRV_LOAD = 1 << 28;

    // ESDP, 8.2.3.1.4
    static final int ESDP_SDP3 = 1 << 3;
    static final int ESDP_SDP5 = 1 << 5;
    static final int ESDP_SDP5_DIR = 1 << 13;

    // I2CCTL, 8.2.3.1.5
    static final int I2CCTL_CLK_IN = 1;
    static final int I2CCTL_CLK_OUT = 1 << 1;
    static final int I2CCTL_DATA_IN = 1 << 2;
    static final int I2CCTL_DATA_OUT = 1 << 3;

    // EICR, 8.2.3.5.1
    static final int EICR_LSC = 1 << 20;
    static final int EICR_GPI_SDP2 = 1 << 26;

    // GPIE, 8.2.3.5.18
    static final int GPIE_SDP2 = 1 << 2;
    static final int GPIE_MULTIPLE_MSIX = 1 << 4;
    static final int GPIE_OCD = 1 << 5;
    static final int GPIE_EIAME = 1 << 30;
    static final int GPIE_PBA_SUPPORT = 1 << 31;

    // IVAR and IVAR_MISC, 8.2.3.5.16
    static final int IVAR_VALID = 1 << 7;
    static final int IVAR_OTHER_SHIFT = 8;

    // SRRCTL, 8.2.3.8.7
    static final int SRRCTL_BSIZEHEADER_128 = 2 << 8;
    static final int SRRCTL_DESCTYPE_ADVANCED = 1 << 25;
    static final int SRRCTL_DROP_EN = 1 << 28;

    // RXDCTL and TXDCTL, 8.2.3.8.8 and 8.2.3.9.10
    static final int XDCTL_ENABLE = 1 << 25;
    static final int XDCTL_SWFLSH = 1 << 26;
    static final int XDCTL_HTHRESH_SHIFT = 8;
    static final int RXDCTL_VME = 1 << 30;

    // DCA_RXCTRL and DCA_TXCTRL: relaxed ordering of writes
    static final int DCA_RXCTRL_WRITES = 1 << 13 | 1 << 15;
    static final int DCA_TXCTRL_WRITES = 1 << 11;

    // RDRXCTL, 8.2.3.8.8
    static final int RDRXCTL_CRCSTRIP = 1 << 1;
    static final int RDRXCTL_DMAIDONE = 1 << 3;
    static final int RDRXCTL_RSCFRSTSIZE = 0x1f << 17;
    static final int RDRXCTL_RSCACKC = 1 << 25;

    // RSCCTL, RSCDBU, PSRTYPE, EITR, 8.2.3.8.13, 8.2.3.8.9, 8.2.3.7.4 and 8.2.3.5.12
    static final int RSCCTL_RSCEN = 1;
    static final int RSCCTL_MAXDESC_SHIFT = 2;
    static final int RSCDBU_RSCACKDIS = 1 << 7;
    static final int PSRTYPE_TCPHDR = 1 << 4;
    static final int EITR_INTERVAL = 0xff8;
    static final int EITR_CNT_WDIS = 1 << 31;

    // RXCTRL, SECRXCTRL, SECRXSTAT
    static final int RXCTRL_RXEN = 1;
    static final int SECRXCTRL_RX_DIS = 1 << 1;
    static final int SECRXSTAT_SECRX_RDY = 1;

    // FCRTL, FCRTH, FCCFG, MFLCN, 8.2.3.3
    static final int FCRTL_XONE = 1 << 31;
    static final int FCRTH_FCEN = 1 << 31;
    static final int FCCFG_TFCE = 3 << 3;
    static final int FCCFG_TFCE_802_3X = 1 << 3;
    static final int MFLCN_DPF = 1 << 1;
    static final int MFLCN_RPFCE = 1 << 2;
    static final int MFLCN_RFCE = 1 << 3;
    static final int PBSIZE_SHIFT = 10;

    // HLREG0, 8.2.3.22.8
    static final int HLREG0_TXCRCEN = 1;
    static final int HLREG0_RXCRCSTRP = 1 << 1;
    static final int HLREG0_JUMBOEN = 1 << 2;
    static final int HLREG0_TXPADEN = 1 << 10;
    static final int HLREG0_LPBK = 1 << 15;
    static final int HLREG0_MDCSPD = 1 << 16;
    static final int HLREG0_RXLNGTHERREN = 1 << 27;
    static final int MAXFRS_SHIFT = 16;

    // MSCA and MSRWD, 8.2.3.22.11
    static final int MSCA_PHY_SHIFT = 21;
    static final int MSCA_ADDRESS = 0;
    static final int MSCA_WRITE = 1 << 26;
    static final int MSCA_READ = 3 << 26;
    static final int MSCA_COMMAND = 1 << 30;
    static final int MSRWD_READ_SHIFT = 16;

    // AUTOC and AUTOC2, 8.2.3.22.19
    static final int AUTOC_FLU = 1;
    static final int AUTOC_AN_RESTART = 1 << 12;
    static final int AUTOC_LMS_SHIFT = 13;
    static final int AUTOC_LMS_MASK = 7 << 13;
    static final int AUTOC_PAUSE_SHIFT = 28;
    static final int AUTOC2_UPPER_MASK = 0xffff_0000;
    static final int AUTOC2_LINK_DISABLE = 7 << 28;

    // LINKS and ANLP1, 8.2.3.22.20
    static final int LINKS_UP = 1 << 30;
    static final int LINKS_SPEED_SHIFT = 28;
    static final int LINKS_SPEED_MASK = 3;
    static final int LINKS_SPEED_BETWEEN = 1 << 27;
    static final int LINKS_KX_AN_COMP = 1 << 31;
    static final int ANLP1_PAUSE_SHIFT = 10;
    static final int ANLP1_AN_STATE = 0xf << 16;
    static final int MMNGC_MNG_VETO = 1;
    static final int MACC_FLU = 1;
    static final int MACC_FSV_10G = 3 << 16;
    static final int MACC_FS = 1 << 18;

    // Transmit
    static final int RTTDCS_ARBDIS = 1 << 6;
    static final int DMATXCTL_TE = 1;
    static final int DMATXCTL_GDV = 1 << 3;
    static final int DMATXCTL_VT_SHIFT = 16;

    // RXCSUM, RFCTL, FCTRL, VLNCTRL, MCSTCTRL, MRQC, RAH
    static final int RXCSUM_IPPCSE = 1 << 12;
    static final int RXCSUM_PCSD = 1 << 13;
    static final int RFCTL_RSC_DIS = 1 << 5;
    static final int RFCTL_NFS_DIS = 3 << 6;
    static final int FCTRL_MPE = 1 << 8;
    static final int FCTRL_UPE = 1 << 9;
    static final int FCTRL_BAM = 1 << 10;
    static final int VLNCTRL_CFIEN = 1 << 29;
    static final int VLNCTRL_VFE = 1 << 30;
    static final int MCSTCTRL_MFE = 1 << 2;
    static final int MRQC_RSS = 1;
    static final int EXVET_OUTER_SHIFT = 16;

    // ETQF, RXMTRL, TSAUXC: IEEE 1588
    static final int ETQF_1588 = 1 << 30;
    static final int ETQF_FILTER_EN = 1 << 31;
    static final int RXMTRL_UDPT_SHIFT = 16;
    static final int TSAUXC_DISABLE_SYSTIM = 1 << 31;

    // RTTBCNRC, 8.2.3.10.16
    static final int RTTBCNRC_RS_ENA = 1 << 31;

    // Flow director, 8.2.3.21; of queues that drop, there is none
    static final int FDIRCTRL_PBALLOC_64K = 1;
    static final int FDIRCTRL_INIT_DONE = 1 << 3;
    static final int FDIRCTRL_PERFECT_MATCH = 1 << 4;
    static final int FDIRCTRL_NO_DROP_QUEUE = 127 << 8;
    static final int FDIRCTRL_MAX_LENGTH = 10 << 24;
    static final int FDIRM_VLANID = 1;
    static final int FDIRM_VLANP = 1 << 1;
    static final int FDIRM_POOL = 1 << 2;
    static final int FDIRM_FLEX = 1 << 4;
    static final int FDIRM_DIPV6 = 1 << 5;
    static final int FDIRHASH_ID_SHIFT = 16;
    static final int FDIRHASH_ID_MASK = 0x7fff;
    static final int FDIRCMD_COMMAND = 3;
    static final int FDIRCMD_ADD = 1;
    static final int FDIRCMD_REMOVE = 2;
    static final int FDIRCMD_QUERY = 3;
    static final int FDIRCMD_FILTER_VALID = 1 << 2;
    static final int FDIRCMD_FILTER_UPDATE = 1 << 3;
    static final int FDIRCMD_TYPE_SHIFT = 5;
    static final int FDIRCMD_LAST = 1 << 11;
    static final int FDIRCMD_QUEUE_EN = 1 << 15;
    static final int FDIRCMD_QUEUE_SHIFT = 16;

    // EEC and EERD, 8.2.3.2
    static final int EEC_PRES = 1 << 8;
    static final int EEC_ARD = 1 << 9;
    static final int EEC_SIZE_SHIFT = 11;
    static final int EEC_SIZE_MASK = 15;
    static final int EERD_START = 1;
    static final int EERD_DONE = 1 << 1;
    static final int EERD_ADDR_SHIFT = 2;
    static final int EERD_DATA_SHIFT = 16;

    // SWSM and SW_FW_SYNC, 8.2.3.4; firmware's bits are 5 higher
    static final int SWSM_SMBI = 1;
    static final int SWSM_SWESMBI = 1 << 1;
    static final int SYNC_NVM = 1;
    static final int SYNC_PHY0 = 1 << 1;
    static final int SYNC_PHY1 = 1 << 2;
    static final int SYNC_MAC = 1 << 3;
    static final int SYNC_FLASH = 1 << 4;
    static final int SYNC_SW_MNG = 1 << 10;
    static final int SYNC_REGSMP = 1 << 31;
    static final int FWSM_MODE_MASK = 7 << 1;
    static final int FWSM_MODE_PASS_THROUGH = 2 << 1;

    // FWSTS and HICR
    static final int FWSTS_FWRI = 1 << 9;
    static final int HICR_EN = 1;
    static final int HICR_C = 1 << 1;
    static final int HICR_SV = 1 << 2;

    // SB_IOSF_INDIRECT_CTRL and NW_MNG_IF_SEL
    static final int SB_IOSF_RESP_STAT = 3 << 18;
    static final int SB_IOSF_TARGET_KR_PHY = 0 << 28;
    static final int SB_IOSF_BUSY = 1 << 31;
    static final int NW_MNG_IF_SEL_PHY_SPEED_2_5G = 1 << 20;

    // GCR_EXT
    static final int GCR_EXT_BUFFERS_CLEAR = 1 << 30;
}
