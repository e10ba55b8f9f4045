// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Wrong usage and help, in this process: nothing is opened. */
class UsageTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String line) {
        return Vpmd.run(new PrintWriter(out), new PrintWriter(err), line.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "testpmd|Missing required option: '--port=SPEC'",
                "testpmd --port null --burst 0|--burst 0 is not between 1 and 512",
                "testpmd --port null --burst x|Invalid value for option '--burst'",
                "testpmd --port null --forward-mode csum|Invalid value for option '--forward-mode'",
                "testpmd --port null --seconds 0|--seconds 0.0 is wrong",
                "testpmd --port null --txpkts 10|--txpkts 10 is wrong",
                "testpmd --port null --cores 1-0|--cores 1-0 is wrong",
                "testpmd --port null --frobnicate|Unknown option: '--frobnicate'",
                "kni --port echo -p 1|Missing required option: '--config",
                "kni --port echo -p zz --config (0,0,0)|-p zz is wrong",
                "kni --port echo -p 3 --config (0,0,0)|there is no port 1",
                "kni --port echo --port null -p 3 --config (0,0,0)|-p has the ports 0-1",
                "kni --port echo -p 1 --config (0,0,999)|core 999 of --config is not among",
                "kni --port echo -p 1 --config (0,0)|lacks a port",
                "kni -l 0,999 --port echo -- -p 1 --config (0,0,0)|core 999 does not exist",
                "kni -m 64 --port echo -- -p 1 --config (0,0,0)|there is no EAL option -m",
                "kni -l 0 -c 1 --port echo -p 1 --config (0,0,0)|-l and -c say the same",
                "demo --seconds 0|--seconds 0.0 is not between",
                "frobnicate|Unmatched argument at index 0: 'frobnicate'",
            })
    void oneSentenceAndExitCode2(String line, String expected) {
        int exit = run(line);
        assertTrue(err.toString().contains(expected), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().startsWith("vpmd"), err.toString());
        assertEquals("", out.toString());
        assertEquals(2, exit);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "ports", "devbind", "kni", "testpmd", "nic"})
    void everyCommandHasHelp(String command) {
        assertEquals(0, run(command + " --help"));
        assertTrue(out.toString().startsWith("Usage: vpmd " + command), out.toString());
        assertFalse(out.toString().contains("DEFAULT-VALUE"), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void helpListsCommands() {
        assertEquals(0, run("--help"));
        for (String command : new String[] {"demo", "ports", "devbind", "kni", "testpmd", "nic"}) {
            assertTrue(out.toString().contains("\n  " + command + " "), out.toString());
        }
    }

    @Test
    void portsListsDriversAndKeys() {
        assertEquals(0, run("ports"));
        for (String word :
                new String[] {"net_echo", "net_kni", "net_null", "net_ring", "backend="}) {
            assertTrue(out.toString().contains(word), out.toString());
        }
    }

    @Test
    void portsAsJson() {
        assertEquals(0, run("ports --json"));
        assertEquals(1, out.toString().lines().count());
        assertTrue(out.toString().startsWith("{\"drivers\":[{\"name\":\"net_"), out.toString());
        assertTrue(out.toString().contains("{\"key\":\"backend\",\"values\":"), out.toString());
    }
}
