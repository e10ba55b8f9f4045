// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.bench.compare.KniComparison.Side;
import io.vpmd.bench.compare.KniComparison.Work;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

final class KniComparisonTest {
    private final KniComparison comparison =
            new KniComparison(new Cleanup(), 3, 1, "poll", line -> {});

    private void sample(Side side, Work work, double... values) {
        for (double value : values) {
            comparison.samples(side, work).add(value);
        }
    }

    private String row(String beginning) {
        return KniCommand.lines(comparison).stream()
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.replaceAll(" {2,}", "|"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theMediansAreComparedWithBothAndJudged() {
        sample(Side.RTE_KNI, Work.TX, 10, 99, 9);
        sample(Side.TAP, Work.TX, 30);
        sample(Side.KMOD, Work.TX, 20, 1, 99);
        assertEquals(
                "64 B to the kernel, rte_kni|kpps|10|20|2|>= 2x|yes",
                row("64 B to the kernel, rte_kni"));
        assertEquals(
                "64 B to the kernel, our tap|kpps|30|20|0.67|>= 1x|no",
                row("64 B to the kernel, our tap"));
    }

    @Test
    void lessIsBetterForPing() {
        sample(Side.RTE_KNI, Work.PING, 2);
        sample(Side.KMOD, Work.PING, 1);
        assertEquals("ping across, rte_kni|ms|2|1|0.50|<= 0.50x|yes", row("ping across, rte_kni"));
    }

    @Test
    void figuresThatWereKeptStandForRteKniWithTheirConditions() throws IOException {
        comparison.keepTo(KniKept.read(), "libdpdk-dev is not installed");
        for (Work work : Work.values()) {
            assertTrue(comparison.samples(Side.RTE_KNI, work).median() > 0, work::name);
        }
        List<String> lines = KniCommand.lines(comparison);
        assertTrue(
                lines.getLast().matches("rte_kni: libdpdk-dev is not .* those of 20[0-9-]+, .+"),
                lines.getLast());
    }

    @Test
    void scriptsAssignNumbers() {
        assertEquals(7, Outputs.assigned("kicks", "packets=3\nkicks=7\n"));
    }

    @Test
    void eachSeriesOfPingsIsASample() {
        String series =
                """
                --- 10.9.0.2 ping statistics ---
                2 packets, 0%% packet loss
                rtt min/avg/max/mdev = 0.1/%s/0.3/0.1 ms
                """;
        String said = "header\n" + series.formatted("0.25") + series.formatted("0.5") + "kicks=1\n";
        assertEquals(List.of(250.0, 500.0), Outputs.allPingMicros(said));
    }
}
