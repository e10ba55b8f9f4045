// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.bench.app.KniCounters;
import io.vpmd.bench.app.UsageException;
import io.vpmd.spi.PortStats;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

class ReportsTest {
    /** Scripts read this table; its shape is the sample application's. */
    @Test
    void kniTable() {
        List<KniCounters> counters =
                List.of(
                        new KniCounters(0, 4, 6, 1234, 0, 99, 1),
                        new KniCounters(12, 5, 17, 9_876_543_210L, 2, 3, 4));
        String expected =
                """

                **KNI example application statistics**
                ======  ==============  ============  ============  ============  ============
                 Port    Lcore(RX/TX)    rx_packets    rx_dropped    tx_packets    tx_dropped
                ------  --------------  ------------  ------------  ------------  ------------
                      0          4/ 6          1234             0            99             1
                     12          5/17    9876543210             2             3             4
                ======  ==============  ============  ============  ============  ============
                """;
        assertEquals(expected.lines().toList(), KniReport.table(counters));
    }

    @Test
    void kniPlainAndJson() {
        List<KniCounters> counters = List.of(new KniCounters(0, 0, 1, 5, 1, 7, 2));
        assertEquals(
                List.of("port 0 rx_packets 5 rx_dropped 1 tx_packets 7 tx_dropped 2"),
                KniReport.plain(counters));
        assertEquals(
                "{\"seconds\":1.5,\"ports\":[{\"port\":0,\"interfaces\":[\"vEth0\"],\"rxCore\":0,"
                        + "\"txCore\":1,\"rxPackets\":5,\"rxDropped\":1,\"txPackets\":7,"
                        + "\"txDropped\":2}]}",
                Json.of(KniReport.asMap(1.5, Map.of(0, List.of("vEth0")), counters)));
    }

    @Test
    void testpmdJson() {
        PortStats stats = new PortStats(1, 64, 2, 128, 3, 4, 5, 6);
        assertEquals(
                "{\"seconds\":2.0,\"ports\":[{\"port\":\"net_ring:a,peer=b\",\"rxPackets\":1,"
                        + "\"rxBytes\":64,\"txPackets\":2,\"txBytes\":128,\"rxDropped\":3,"
                        + "\"txDropped\":4,\"txErrors\":6}]}",
                TestpmdReport.json(2, List.of("net_ring:a,peer=b"), List.of(stats)));
    }

    @Test
    void testpmdSummaryAddsUp() {
        PortStats one = new PortStats(10, 640, 9, 576, 1, 2, 0, 3);
        List<String> lines = new TestpmdReport(List.of("a", "b")).summary(2, List.of(one, one));
        String text = String.join("\n", lines).replaceAll(" +", " ");
        assertTrue(text.contains("RX-packets: 10 RX-dropped: 1 RX-total: 11"), text);
        assertTrue(text.contains("TX-packets: 18 TX-dropped: 10 TX-total: 28"), text);
        assertTrue(text.contains("received 0.000010 Mpps"), text);
    }

    @Test
    void ratesAreThoseOfTheLastPeriod() {
        TestpmdReport report = new TestpmdReport(List.of("a"));
        report.periodic(1, List.of(new PortStats(100, 6400, 0, 0, 0, 0, 0, 0)));
        String text =
                String.join(
                        "\n",
                        report.periodic(3, List.of(new PortStats(300, 19200, 0, 0, 0, 0, 0, 0))));
        assertTrue(text.replaceAll(" +", " ").contains("Rx-pps: 100 Rx-bps: 51200"), text);
    }

    @Test
    void jsonEscapes() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a\"b\\", "x\ny\u0001");
        map.put("n", null);
        map.put("l", Arrays.asList(1, true, 0.5, Double.NaN));
        assertEquals(
                "{\"a\\\"b\\\\\":\"x\\ny\\u0001\",\"n\":null,\"l\":[1,true,0.5,null]}",
                Json.of(map));
    }

    @Test
    void ealOptions() {
        assertEquals(
                List.of("kni", "-l", "0-1", "-n", "4", "--port", "-x", "-P", "-m"),
                EalOptions.join(
                        List.of("kni", "-l", "0-1", "-n", "4", "--port", "-x", "--", "-P", "-m")));
        assertEquals(List.of("kni", "-m"), EalOptions.join(List.of("kni", "-m")));
        assertEquals(
                List.of("kni", "-l0", "--port=echo", "-p", "1"),
                EalOptions.join(List.of("kni", "-l0", "--port=echo", "--", "-p", "1")));
        for (String wrong : List.of("-m", "--vdev=net_kni0", "--socket-mem", "-P", "--config")) {
            UsageException e =
                    assertThrows(
                            UsageException.class,
                            () -> EalOptions.join(List.of("kni", wrong, "--", "-P")),
                            wrong);
            assertTrue(e.toString().contains("no EAL option " + wrong.replaceAll("=.*", "")));
        }
    }
}
