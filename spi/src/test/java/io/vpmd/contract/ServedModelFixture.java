// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.model.DeviceModel;
import io.vpmd.spi.hw.model.FrameQueue;
import io.vpmd.spi.hw.vfiouser.AccessListener;
import io.vpmd.spi.hw.vfiouser.VfioUserServer;

import org.junit.jupiter.api.Assertions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The device of a {@link ModelFixture} behind a vfio-user socket. */
public class ServedModelFixture<M extends DeviceModel> extends ModelFixture<M> {
    private final String driver;
    private final PortDriver opener;
    private final Path folder;
    private final Path socket;
    private final VfioUserServer server;

    /** The same, with the name of the driver in place of a spec. */
    protected ServedModelFixture(
            String driver,
            M model,
            FrameQueue wire,
            Function<Function<PortSpec, Bus>, PortDriver> drivers,
            PortDriver opener) {
        super(driver + ":served", model, wire, drivers);
        this.driver = driver;
        this.opener = opener;
        try {
            folder = Files.createTempDirectory("vpmd-nic");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        socket = folder.resolve("nic.sock");
        server = VfioUserServer.start(model, socket, AccessListener.NONE);
    }

    public final VfioUserServer server() {
        return server;
    }

    @Override
    public final String spec() {
        return driver + ":vfio-user:" + socket;
    }

    @Override
    public final Port open() {
        return Ports.open(PortSpec.parse(spec()), List.of(opener));
    }

    @Override
    public final void close() {
        server.close();
        super.close();
        folder.toFile().delete();
        Assertions.assertEquals(Map.of(), server.refusals().all(), "what the server refused");
    }
}
