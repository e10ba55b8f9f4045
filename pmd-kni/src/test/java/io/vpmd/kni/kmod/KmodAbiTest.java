// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.kmod;

import io.vpmd.contract.AbiProbe;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/** The numbers in this package against kni.ko's header. */
final class KmodAbiTest {
    @Test
    void constantsAgreeWithTheHeader() throws Exception {
        AbiProbe.run(Path.of("src/test/c/kmod_probe.c")).check(KmodAbi.class, 116);
    }
}
