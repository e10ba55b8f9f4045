// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.bench.compare.NicComparison.Side;

import org.junit.jupiter.api.Test;

import java.util.List;

final class NicComparisonTest {
    private final NicComparison comparison = new NicComparison(32, 3, 1, line -> {});

    private void sample(Side side, double... nanos) {
        for (double value : nanos) {
            comparison.samples(side).add(value);
        }
    }

    private String row(String beginning) {
        return NicCommand.lines(comparison, 32).stream()
                .filter(line -> line.startsWith(beginning))
                .map(line -> line.replaceAll(" {2,}", "|"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theMedianOfEachSideIsComparedAndJudged() {
        sample(Side.DPDK_VECTOR, 10, 99, 9);
        sample(Side.C_SCALAR, 10, 10, 10);
        sample(Side.VPMD, 11, 2, 99);
        assertEquals(
                "beside DPDK, vector|ns/packet|10|11|1.10|<= 1x|no", row("beside DPDK, vector"));
        assertEquals("beside C, scalar|ns/packet|10|11|1.10|<= 1.15x|yes", row("beside C, scalar"));
    }

    @Test
    void theFullFunctionsAreComparedWithOursWhenTheSameIsRequested() {
        sample(Side.DPDK_FULL, 20);
        sample(Side.DPDK_CHECKSUM, 30);
        sample(Side.VPMD, 1);
        sample(Side.VPMD_REQUESTED, 16);
        sample(Side.VPMD_CHECKSUM, 27);
        assertEquals(
                "beside DPDK, full|ns/packet|20|16|0.80|<= 0.80x|yes", row("beside DPDK, full "));
        assertEquals(
                "beside DPDK, full, checksums|ns/packet|30|27|0.90|<= 0.80x|no",
                row("beside DPDK, full, checksums"));
    }

    @Test
    void aSideWithoutATargetIsShownAndNotJudged() {
        sample(Side.C_VECTOR, 5);
        sample(Side.VPMD, 20);
        assertEquals("beside C, AVX2|ns/packet|5|20|4|-|-", row("beside C, AVX2"));
    }

    @Test
    void whatIsSkippedHasNoFigureAndItsReason() {
        comparison.skip("DPDK", "libdpdk-dev is not installed");
        sample(Side.VPMD, 20);
        assertEquals("beside DPDK, vector|ns/packet|-|20|-|<= 1x|-", row("beside DPDK, vector"));
        List<String> lines = NicCommand.lines(comparison, 32);
        assertEquals("skipped: DPDK: libdpdk-dev is not installed", lines.getLast());
        assertTrue(lines.getFirst().startsWith("burst 32 "), lines.getFirst());
    }
}
