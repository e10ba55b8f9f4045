// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.contract.AbiProbe;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;

/** The numbers in this package against the system's headers. */
final class SysAbiTest {
    private static final Path PROBE = Path.of("src/test/c/sys_probe.c");

    @Test
    void constantsAgreeWithTheHeaders() throws Exception {
        AbiProbe probe = AbiProbe.run(PROBE);
        probe.check(Errno.class, 30);
        probe.check(Libc.class, 6);
        probe.check(Epoll.class, 4);
        probe.check(EventFd.class, 2);
        probe.check(Membarrier.class, 4);
        probe.check(Mapping.class, 3);
        probe.check(MemFile.class, 2);
        probe.check(IoUring.class, 11);
    }

    @Test
    void ioUringOffsetsAgreeWithTheHeaders() throws Exception {
        AbiProbe probe = AbiProbe.run(PROBE);
        Map<String, Integer> ours =
                Map.ofEntries(
                        Map.entry("params.size", 120),
                        Map.entry("params.cq_entries", 4),
                        Map.entry("params.flags", 8),
                        Map.entry("params.features", 20),
                        Map.entry("params.sq_off.tail", 44),
                        Map.entry("params.sq_off.array", 64),
                        Map.entry("params.cq_off.head", 80),
                        Map.entry("params.cq_off.tail", 84),
                        Map.entry("params.cq_off.ring_mask", 88),
                        Map.entry("params.cq_off.cqes", 100),
                        Map.entry("sqe.opcode", 0),
                        Map.entry("sqe.flags", 1),
                        Map.entry("sqe.fd", 4),
                        Map.entry("sqe.off", 8),
                        Map.entry("sqe.addr", 16),
                        Map.entry("sqe.len", 24),
                        Map.entry("sqe.rw_flags", 28),
                        Map.entry("sqe.user_data", 32),
                        Map.entry("cqe.user_data", 0),
                        Map.entry("cqe.res", 8));
        ours.forEach((name, offset) -> assertEquals(offset.longValue(), probe.value(name), name));
    }
}
