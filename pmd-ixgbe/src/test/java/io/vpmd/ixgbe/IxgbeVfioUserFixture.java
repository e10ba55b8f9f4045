// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.hw.vfiouser.AccessListener;
import io.vpmd.spi.hw.vfiouser.VfioUserServer;

import org.junit.jupiter.api.Assertions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The device of {@link IxgbeModelFixture} behind a socket. */
final class IxgbeVfioUserFixture extends IxgbeModelFixture {
    private final Path folder;
    private final Path socket;
    private final VfioUserServer server;

    IxgbeVfioUserFixture(int number) {
        super(number);
        try {
            folder = Files.createTempDirectory("vpmd-nic");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        socket = folder.resolve("nic.sock");
        server = VfioUserServer.start(model(), socket, AccessListener.NONE);
    }

    VfioUserServer server() {
        return server;
    }

    @Override
    public String spec() {
        return "net_ixgbe:vfio-user:" + socket;
    }

    @Override
    public Port open() {
        return Ports.open(PortSpec.parse(spec()), List.of(new IxgbeDriver()));
    }

    @Override
    public void close() {
        server.close();
        super.close();
        folder.toFile().delete();
        Assertions.assertEquals(Map.of(), server.refusals().all(), "what the server refused");
    }
}
