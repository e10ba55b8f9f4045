// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.hw.Register;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

class IgbRegsTest {
    /** Offsets written down a second time, from the register summary of the data sheet (8.1.3). */
    private static final String SUMMARY =
            """
            CTRL 00000 STATUS 00008 EECD 00010 EERD 00014 CTRL_EXT 00018 MDIC 00020
            ICR 000C0 ICS 000C8 IMS 000D0 IMC 000D8 IAM 000E0 GPIE 01514
            EICR 01580 EICS 01520 EIMS 01524 EIMC 01528 EIAC 0152C EIAM 01530 RCTL 00100 TCTL 00400 RXCSUM 05000 RLPML 05004 RFCTL 05008
            MTA 05200 RAL 05400 RAH 05404 VFTA 05600 MRQC 05818 RETA 05C00 RSSRK 05C80
            RDBAL 0C000 RDBAH 0C004 RDLEN 0C008 SRRCTL 0C00C RDH 0C010 RDT 0C018 RXDCTL 0C028
            TDBAL 0E000 TDBAH 0E004 TDLEN 0E008 TDH 0E010 TDT 0E018 TXDCTL 0E028
            WUC 05800 SWSM 05B50 FWSM 05B54 SW_FW_SYNC 05B5C
            """;

    @Test
    void offsetsAgreeWithTheSummary() {
        String[] words = SUMMARY.strip().split("\\s+", -1);
        for (int i = 0; i < words.length; i += 2) {
            Register register = IgbRegs.TABLE.registers().get(words[i]);
            assertEquals(Integer.parseInt(words[i + 1], 16), register.offset(), words[i]);
        }
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
