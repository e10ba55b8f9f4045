// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.contract.PortContract;
import io.vpmd.contract.PortFixture;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class CaptureContractTest extends PortContract {
    @TempDir private Path folder;

    @Override
    protected PortFixture fixture(int number) {
        return PortFixture.loopback(
                "net_capture:"
                        + folder.resolve(number + ".pcapng")
                        + ",port=[net_ring:capture"
                        + number
                        + "]");
    }
}
