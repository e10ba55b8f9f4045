// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

class KniLcoresTest {
    @Test
    void readsPortsAndCores() {
        assertEquals(
                List.of(new KniLcores(0, 4, 6, List.of(8, 9)), new KniLcores(1, 5, 7, List.of())),
                KniLcores.parse("(0,4,6,8,9),(1,5,7)"));
    }

    @Test
    void quotesAndSpacesOfShellScriptsDoNotMatter() {
        assertEquals(List.of(new KniLcores(0, 1, 2, List.of())), KniLcores.parse("\"(0, 1, 2)\""));
    }

    @Test
    void kernelCoresMakeInterfaces() {
        assertEquals(List.of("vEth3"), KniLcores.parse("(3,0,1)").getFirst().interfaces());
        assertEquals(
                List.of("vEth3_0", "vEth3_1"),
                KniLcores.parse("(3,0,1,0,1)").getFirst().interfaces());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(0,1)|lacks",
                "(0,1,2|write (port,rx core,tx core)",
                "0,1,2|write (port,rx core,tx core)",
                "(0,1,2)(1,1,2)|write (port,rx core,tx core)",
                "(0,1,2),|write (port,rx core,tx core)",
                "(0,1,x)|\"x\" in it is no number",
                "(0,-1,2)|\"-1\" in it is no number",
                "(0,1,2),(0,1,2)|port 0 is in it twice",
            })
    void saysWhatIsWrong(String text, String expected) {
        UsageException e = assertThrows(UsageException.class, () -> KniLcores.parse(text));
        assertTrue(e.toString().contains(expected), e::toString);
        assertTrue(e.toString().contains("--config"), e::toString);
    }

    @Test
    void atMost32KernelCores() {
        String many = "(0,0,0" + ",1".repeat(33) + ")";
        assertThrows(UsageException.class, () -> KniLcores.parse(many));
        assertEquals(
                32, KniLcores.parse("(0,0,0" + ",1".repeat(32) + ")").getFirst().kernel().size());
    }

    @Test
    void maskConfigAndCoresMustFit() {
        assertRefused("(0,0,1)", "0x3", "0-1", 2, "-p has the ports 0-1 and --config has 0");
        assertRefused("(1,0,1)", "0x2", "0-1", 1, "there is no port 1");
        assertRefused("(0,0,1)", "0x1", "0", 1, "core 1 of --config is not among the cores 0");
        assertRefused("(0,0,0,7)", "0x1", "0", 1, "core 7 of --config");
        plan("(0,0,1)", 2).check(Cores.parseMask("-p", "1"), Cores.parseList("-l", "0-1"));
    }

    private static void assertRefused(
            String config, String mask, String cores, int ports, String expected) {
        UsageException e =
                assertThrows(
                        UsageException.class,
                        () ->
                                plan(config, ports)
                                        .check(
                                                Cores.parseMask("-p", mask),
                                                Cores.parseList("-l", cores)));
        assertTrue(e.toString().contains(expected), e::toString);
    }

    private static KniApplication.Plan plan(String config, int ports) {
        List<String> specs = Collections.nCopies(ports, "null");
        return new KniApplication.Plan(
                specs, KniLcores.parse(config), false, "auto", WaitMode.ADAPTIVE);
    }

    @Test
    void coreListsAndMasks() {
        assertEquals(new TreeSet<>(List.of(0, 1, 2, 3, 6)), Cores.parseList("-l", "0-3,6"));
        assertEquals("0-3,6", Cores.text(Cores.parseList("-l", "6,0,3,1-2")));
        assertEquals(new TreeSet<>(List.of(0, 2, 63)), Cores.parseMask("-c", "0x8000000000000005"));
        for (String wrong : List.of("", "0-", "a", "3-1", "1,,2", "99999")) {
            assertThrows(UsageException.class, () -> Cores.parseList("-l", wrong), wrong);
        }
        for (String wrong : List.of("", "0", "0x", "0xg", "-1", "0x10000000000000000")) {
            assertThrows(UsageException.class, () -> Cores.parseMask("-p", wrong), wrong);
        }
    }

    @Test
    void coresThatDoNotExist() {
        Cores.check(Cores.allowed());
        UsageException e = assertThrows(UsageException.class, () -> Cores.check(List.of(4095)));
        assertTrue(e.toString().contains("core 4095 does not exist"), e::toString);
    }

    @Test
    void packetLengths() {
        assertEquals(List.of(64), TxPackets.parse("64"));
        assertEquals(List.of(42, 100), TxPackets.parse("42,100"));
        String tooMany = "64" + ",1".repeat(16);
        for (String wrong : List.of("", "41", "64,0", "64,", "x", "65522", tooMany)) {
            UsageException e =
                    assertThrows(UsageException.class, () -> TxPackets.parse(wrong), wrong);
            assertTrue(e.toString().contains("--txpkts"), e::toString);
        }
    }
}
