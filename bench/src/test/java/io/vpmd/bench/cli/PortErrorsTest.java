// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vpmd.spi.Ports;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Ports that cannot be opened: one sentence, nothing left behind. */
class PortErrorsTest {
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "net_kni:a-name-that-is-too-long|15|2",
                "net_kni:vpmdx0,mtu=67|67|2",
                "net_kni:vpmdx0,mtu=99999|99999|2",
                "net_kni:vpmdx0,sped=1|net_kni has no option sped|2",
                "net_kni:vpmdx0,netns=nowhere-at-all|no such network namespace|1",
                "net_kni:vpmdx0,backend=dpdk|backend=dpdk is wrong|2",
                "net_nothing:0|there is no driver net_nothing|2",
                "net_echo:0,ip=1.2.3|ip=1.2.3 is wrong|2",
            })
    void oneSentence(String spec, String expected, int exit) {
        assumeTrue(Files.isWritable(Path.of("/dev/net/tun")), "needs /dev/net/tun");
        int actual =
                Vpmd.run(
                        new PrintWriter(new StringWriter()),
                        new PrintWriter(err),
                        "testpmd",
                        "--port",
                        spec,
                        "--seconds",
                        "0.01");
        assertTrue(err.toString().contains(expected), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertFalse(err.toString().contains("bug"), err.toString());
        assertEquals(exit, actual, err.toString());
        assertEquals(List.of(), Ports.all());
    }
}
