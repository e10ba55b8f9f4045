// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.RegisterTable;

/** The registers in use, from 8.2.3, in order of address; queue arrays stop at 64. */
public final class IxgbeRegs {
    public static final RegisterTable TABLE = new RegisterTable();

    // General, EEPROM and interrupts
    public static final Register CTRL = TABLE.rw("CTRL", 0x00000, "Device Control");
    public static final Register STATUS = TABLE.ro("STATUS", 0x00008, "Device Status");
    public static final Register CTRL_EXT = TABLE.rw("CTRL_EXT", 0x00018, "Extended Control");
    public static final Register ESDP = TABLE.rw("ESDP", 0x00020, "Extended SDP Control");
    public static final Register I2CCTL = TABLE.rw("I2CCTL", 0x00028, "I2C Control");
    public static final Register FRTIMER = TABLE.ro("FRTIMER", 0x00048, "Free Running Timer");
    public static final Register LEDCTL = TABLE.rw("LEDCTL", 0x00200, "LED Control");
    public static final Register EICR = TABLE.rc("EICR", 0x00800, "Interrupt Cause Read");
    public static final Register EICS = TABLE.wo("EICS", 0x00808, "Interrupt Cause Set");
    public static final Register EIAC = TABLE.rw("EIAC", 0x00810, "Interrupt Auto Clear");
    public static final Register EITR =
            TABLE.rw("EITR", 0x00820, 4, 24, "Interrupt Throttle of vectors 0 to 23");
    public static final Register EIMS = TABLE.rw("EIMS", 0x00880, "Interrupt Mask Set");
    public static final Register EIMC = TABLE.wo("EIMC", 0x00888, "Interrupt Mask Clear");
    public static final Register EIAM = TABLE.rw("EIAM", 0x00890, "Interrupt Auto Mask");
    public static final Register GPIE = TABLE.rw("GPIE", 0x00898, "General Purpose Int. Enable");
    public static final Register IVAR = TABLE.rw("IVAR", 0x00900, 4, 64, "Vector Allocation");
    public static final Register IVAR_MISC = TABLE.rw("IVAR_MISC", 0x00a00, "Other causes");
    public static final Register EICS_EX = TABLE.rw("EICS_EX", 0x00a90, 4, 2, "EICS of 64 vectors");
    public static final Register EIMS_EX = TABLE.rw("EIMS_EX", 0x00aa0, 4, 2, "EIMS of 64 vectors");
    public static final Register EIMC_EX = TABLE.rw("EIMC_EX", 0x00ab0, 4, 2, "EIMC of 64 vectors");
    public static final Register EIAM_EX = TABLE.rw("EIAM_EX", 0x00ad0, 4, 2, "EIAM of 64 vectors");

    // Receive DMA
    public static final Register RDBAL = queue("RDBAL", 0x01000, "Rx Descriptor Base Low");
    public static final Register RDBAH = queue("RDBAH", 0x01004, "Rx Descriptor Base High");
    public static final Register RDLEN = queue("RDLEN", 0x01008, "Rx Descriptor Ring Length");
    public static final Register DCA_RXCTRL = queue("DCA_RXCTRL", 0x0100c, "Rx DCA Control");
    public static final Register RDH = queue("RDH", 0x01010, "Rx Descriptor Head");
    public static final Register SRRCTL = queue("SRRCTL", 0x01014, "Split and Replication");
    public static final Register RDT = queue("RDT", 0x01018, "Rx Descriptor Tail");
    public static final Register RXDCTL = queue("RXDCTL", 0x01028, "Rx Descriptor Control");
    public static final Register RSCCTL = queue("RSCCTL", 0x0102c, "RSC Control");
    public static final Register RDRXCTL = TABLE.rw("RDRXCTL", 0x02f00, "Rx DMA Control");
    public static final Register RXCTRL = TABLE.rw("RXCTRL", 0x03000, "Receive Control");
    public static final Register FCTTV = TABLE.rw("FCTTV", 0x03200, 4, 4, "Pause Timer Value");
    public static final Register FCRTL =
            TABLE.rw("FCRTL", 0x03220, 4, 8, "Flow Control Threshold Low");
    public static final Register FCRTH =
            TABLE.rw("FCRTH", 0x03260, 4, 8, "Flow Control Threshold High");
    public static final Register FCRTV = TABLE.rw("FCRTV", 0x032a0, "Pause Refresh Threshold");
    public static final Register RXPBSIZE = TABLE.rw("RXPBSIZE", 0x03c00, 4, 8, "Rx Buffer Size");
    public static final Register FCCFG = TABLE.rw("FCCFG", 0x03d00, "Flow Control Configuration");

    // Link
    public static final Register HLREG0 = TABLE.rw("HLREG0", 0x04240, "MAC Core Control 0");
    public static final Register MSCA = TABLE.rw("MSCA", 0x0425c, "MDI Command and Address");
    public static final Register MSRWD = TABLE.rw("MSRWD", 0x04260, "MDI Read and Write Data");
    public static final Register MAXFRS = TABLE.rw("MAXFRS", 0x04268, "Max Frame Size");
    public static final Register MFLCN = TABLE.rw("MFLCN", 0x04294, "MAC Flow Control");
    public static final Register AUTOC = TABLE.rw("AUTOC", 0x042a0, "Auto-negotiation Control");
    public static final Register LINKS = TABLE.ro("LINKS", 0x042a4, "Link Status");
    public static final Register AUTOC2 = TABLE.rw("AUTOC2", 0x042a8, "Auto-neg. Control 2");
    public static final Register ANLP1 = TABLE.ro("ANLP1", 0x042b0, "Link Partner Control Word 1");
    public static final Register MACC = TABLE.rw("MACC", 0x04330, "MAC Control (X540 on)");

    // Transmit DMA scheduler and DMA
    public static final Register RTTDCS = TABLE.rw("RTTDCS", 0x04900, "Tx Arbiter Control");
    public static final Register RTTDQSEL = TABLE.rw("RTTDQSEL", 0x04904, "Queue Select");
    public static final Register DMATXCTL = TABLE.rw("DMATXCTL", 0x04a80, "Tx DMA Control");
    public static final Register RTTBCNRC = TABLE.rw("RTTBCNRC", 0x04984, "Tx Rate Scheduler");

    // Receive filters
    public static final Register RXCSUM = TABLE.rw("RXCSUM", 0x05000, "Rx Checksum Control");
    public static final Register RFCTL = TABLE.rw("RFCTL", 0x05008, "Receive Filter Control");
    public static final Register FCTRL = TABLE.rw("FCTRL", 0x05080, "Filter Control");
    public static final Register VLNCTRL = TABLE.rw("VLNCTRL", 0x05088, "VLAN Control");
    public static final Register MCSTCTRL = TABLE.rw("MCSTCTRL", 0x05090, "Multicast Control");
    public static final Register MTA = TABLE.rw("MTA", 0x05200, 4, 128, "Multicast Table Array");

    // Transmit queues
    public static final Register TDBAL = queue("TDBAL", 0x06000, "Tx Descriptor Base Low");
    public static final Register TDBAH = queue("TDBAH", 0x06004, "Tx Descriptor Base High");
    public static final Register TDLEN = queue("TDLEN", 0x06008, "Tx Descriptor Ring Length");
    public static final Register DCA_TXCTRL = queue("DCA_TXCTRL", 0x0600c, "Tx DCA Control");
    public static final Register TDH = queue("TDH", 0x06010, "Tx Descriptor Head");
    public static final Register TDT = queue("TDT", 0x06018, "Tx Descriptor Tail");
    public static final Register TXDCTL = queue("TXDCTL", 0x06028, "Tx Descriptor Control");
    public static final Register DTXMXSZRQ = TABLE.rw("DTXMXSZRQ", 0x08100, "Tx Max Requests");
    public static final Register MTQC = TABLE.rw("MTQC", 0x08120, "Multiple Tx Queues Command");
    public static final Register SECTXCTRL = TABLE.rw("SECTXCTRL", 0x08800, "Security Tx Control");
    public static final Register SECRXCTRL = TABLE.rw("SECRXCTRL", 0x08d00, "Security Rx Control");
    public static final Register SECRXSTAT = TABLE.ro("SECRXSTAT", 0x08d04, "Security Rx Status");

    // Filter tables
    public static final Register VFTA = TABLE.rw("VFTA", 0x0a000, 4, 128, "VLAN Filter Table");
    public static final Register RAL = TABLE.rw("RAL", 0x0a200, 8, 128, "Receive Address Low");
    public static final Register RAH = TABLE.rw("RAH", 0x0a204, 8, 128, "Receive Address High");
    public static final Register MPSAR =
            TABLE.rw("MPSAR", 0x0a600, 4, 256, "MAC Pool Select, a low and a high word each");
    public static final Register TXPBSIZE = TABLE.rw("TXPBSIZE", 0x0cc00, 4, 8, "Tx Buffer Size");
    public static final Register RETA = TABLE.rw("RETA", 0x0eb00, 4, 32, "Redirection Table");
    public static final Register RSSRK = TABLE.rw("RSSRK", 0x0eb80, 4, 10, "RSS Random Key");
    public static final Register MRQC = TABLE.rw("MRQC", 0x0ec80, "Multiple Rx Queues Command");

    // EEPROM, semaphores and PCI Express
    public static final Register EEC = TABLE.rw("EEC", 0x10010, "EEPROM and Flash Control");
    public static final Register EERD = TABLE.rw("EERD", 0x10014, "EEPROM Read");
    public static final Register SWSM = TABLE.rw("SWSM", 0x10140, "Software Semaphore");
    public static final Register FWSM = TABLE.rw("FWSM", 0x10148, "Firmware Semaphore");
    public static final Register SW_FW_SYNC = TABLE.rw("SW_FW_SYNC", 0x10160, "Ownership");
    public static final Register GCR = TABLE.rw("GCR", 0x11000, "PCIe Control");
    public static final Register GCR_EXT = TABLE.rw("GCR_EXT", 0x11050, "PCIe Control Extended");

    private IxgbeRegs() {}

    private static Register queue(String name, int offset, String meaning) {
        return TABLE.rw(name, offset, 0x40, 64, meaning);
    }

    // CTRL, 8.2.3.1.1
    public static final int CTRL_GIO_DIS = 1 << 2;
    public static final int CTRL_LRST = 1 << 3;
    public static final int CTRL_RST = 1 << 26;

    // STATUS, 8.2.3.1.2
    public static final int STATUS_LAN_ID_SHIFT = 2;
    public static final int STATUS_LAN_ID_MASK = 3;
    public static final int STATUS_GIO = 1 << 19;

    // CTRL_EXT, 8.2.3.1.3
    public static final int CTRL_EXT_EXTENDED_VLAN = 1 << 26;
    public static final int CTRL_EXT_DRV_LOAD = 1 << 28;

    // RXDCTL, TXDCTL, 8.2.3.8.7 and 8.2.3.9.10
    public static final int XDCTL_ENABLE = 1 << 25;
    public static final int XDCTL_SWFLSH = 1 << 26;
    public static final int RXDCTL_VME = 1 << 30;
}
