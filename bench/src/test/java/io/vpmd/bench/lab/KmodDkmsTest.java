// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.bench.system.Shell;
import io.vpmd.contract.qtest.Lab;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** kmod/dkms.conf with the headers of the lab, by DKMS itself where it is installed. */
class KmodDkmsTest {
    private static final long SECONDS = 300;

    @Test
    void theModuleIsBuiltWhereDkmsLooksForIt(@TempDir Path folder) throws IOException {
        Lab.need(Lab.guestMissing());
        Path guest = Lab.home().resolve("guest");
        String release = Files.readString(guest.resolve("release")).strip();
        Shell.Result result =
                Shell.run(
                        SECONDS,
                        "../kmod/test/dkms",
                        release,
                        "" + guest.resolve("headers/linux-headers-" + release),
                        "" + folder);
        assertEquals(0, result.exit(), result.output());
    }
}
