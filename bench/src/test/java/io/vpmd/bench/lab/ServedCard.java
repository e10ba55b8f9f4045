// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.bench.cli.NicModels;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.model.DeviceModel;
import io.vpmd.spi.hw.model.ModelEngine;
import io.vpmd.spi.hw.model.PortWire;
import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.model.Wire;
import io.vpmd.spi.hw.vfiouser.AccessListener;
import io.vpmd.spi.hw.vfiouser.VfioUserServer;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/** A model in this process that a guest drives, with a port of this process at its cable. */
final class ServedCard implements AutoCloseable {
    private final int number;
    private final Path socket;
    private final MacAddress mac;
    private final Wire wire;
    private final DeviceModel model;
    private final ModelEngine engine;
    private final VfioUserServer server;

    /** A card with a host at its cable that answers pings. */
    ServedCard(int number, String name, Path folder) {
        this(number, name, folder, "net_echo:%d,ip=%s".formatted(number, host(number, 2)));
    }

    /**
     * A card whose cable ends at another port.
     *
     * @param name of the model, as {@code vpmd nic} has it
     * @param wireSpec of that port
     */
    ServedCard(int number, String name, Path folder, String wireSpec) {
        this(number, name, folder, wireSpec, _ -> AccessListener.NONE);
    }

    /**
     * The same with somebody who hears of every access.
     *
     * @param listener made with the registers, which it may name
     */
    ServedCard(
            int number,
            String name,
            Path folder,
            String wireSpec,
            Function<RegisterFile, AccessListener> listener) {
        this(number, name, folder, PortWire.open("nic" + number, wireSpec), listener);
    }

    /** A card with this wire, which is closed with it. */
    ServedCard(int number, String name, Path folder, Wire wire) {
        this(number, name, folder, wire, _ -> AccessListener.NONE);
    }

    private ServedCard(
            int number,
            String name,
            Path folder,
            Wire wire,
            Function<RegisterFile, AccessListener> listener) {
        this.number = number;
        this.wire = wire;
        socket = folder.resolve("nic" + number);
        mac = new MacAddress(0x5254_00cc_0000L + number);
        model = NicModels.named(name).orElseThrow().make("nic" + number, mac, wire);
        engine = ModelEngine.start(model, wire);
        server = VfioUserServer.start(model, socket, listener.apply(model.registers()));
    }

    private static String host(int number, int last) {
        return "192.168." + (220 + number) + "." + last;
    }

    /** An address in the network of this cable; the host at its end is number 2. */
    String host(int last) {
        return host(number, last);
    }

    int number() {
        return number;
    }

    Path socket() {
        return socket;
    }

    MacAddress mac() {
        return mac;
    }

    DeviceModel model() {
        return model;
    }

    VfioUserServer server() {
        return server;
    }

    /** That nothing had to be refused, and no access of the device went astray. */
    void check() {
        assertEquals(Map.of(), server.refusals().all(), "what the server refused");
        assertEquals(0, model.dma().faults(), model.dma()::lastFault);
    }

    @Override
    public void close() {
        server.close();
        engine.close();
        wire.close();
    }
}
