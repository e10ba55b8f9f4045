// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.contract.qtest.Wire;
import io.vpmd.spi.Port;
import io.vpmd.spi.mbuf.Mbuf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The virtio serial ports of the guest that this process runs in: the far ends of cables among
 * them, which it keeps open.
 */
final class GuestWires {
    /** Each opening takes seconds on an emulated processor. */
    static final int FEW_ROUNDS = 5;

    private static final long DRAIN_NANOS = 50_000_000;
    private static final Map<Integer, Wire> WIRES = new HashMap<>();

    private GuestWires() {}

    /** The device of the port with this name. */
    static Path port(String name) {
        Path ports = Path.of("/sys/class/virtio-ports");
        try (DirectoryStream<Path> all = Files.newDirectoryStream(ports)) {
            for (Path each : all) {
                if (Files.readString(each.resolve("name")).strip().equals(name)) {
                    return Path.of("/dev").resolve(each.getFileName());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("the guest has no virtio serial port " + name);
    }

    /** The far end of a card's cable, without what the case before has left in it. */
    static synchronized Wire wire(int card) {
        Wire wire = WIRES.computeIfAbsent(card, n -> Wire.open(port("wire" + n)));
        while (wire.receive().isPresent()) {
            // Of the case before.
        }
        return wire;
    }

    /** What was still held for this card, of the case before, arrives when the port starts. */
    static void drain(Port started) {
        Mbuf[] burst = new Mbuf[32];
        long end = System.nanoTime() + DRAIN_NANOS;
        while (System.nanoTime() - end < 0) {
            int n = started.rxQueue(0).rxBurst(burst, 0, burst.length);
            for (int i = 0; i < n; i++) {
                burst[i].free();
                end = System.nanoTime() + DRAIN_NANOS;
            }
        }
    }
}
