// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.contract.AbiProbe;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;

/** The numbers in this package against the system's headers. */
final class TapAbiTest {
    @Test
    void constantsAgreeWithTheHeaders() throws Exception {
        AbiProbe probe = AbiProbe.run(Path.of("src/test/c/tap_probe.c"));
        probe.check(TapDevice.class, 19);
        probe.check(VnetHeader.class, 6);
        probe.check(FrameVectors.class, 1);
        probe.check(TapSpeed.class, 12);
        Map<String, Integer> ours =
                Map.of(
                        "ifreq.flags", 16,
                        "ifreq.sa_data", 18,
                        "hdr.flags", 0,
                        "hdr.gso_type", 1,
                        "hdr.hdr_len", 2,
                        "hdr.gso_size", 4,
                        "hdr.csum_start", 6,
                        "hdr.csum_offset", 8);
        ours.forEach((name, offset) -> assertEquals(offset.longValue(), probe.value(name), name));
    }
}
