// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.contract.PortFixture;
import io.vpmd.contract.WireFrame;
import io.vpmd.contract.qtest.QmpChannel;
import io.vpmd.contract.qtest.Wire;
import io.vpmd.spi.Port;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.mbuf.MbufPool;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A card behind /dev/vfio, seen from inside the guest; its cable and QEMU's monitor are virtio
 * serial ports, which the process keeps open.
 */
final class VfioFixture extends PortFixture {
    private static final long LINK_TIMEOUT_MILLIS = 20_000;
    /* Longer than the port needs to notice. */
    private static final long EVENT_MICROS = 200_000;
    private static final int FIN = 1;
    private static final int PSH = 1 << 3;
    private static final Map<Integer, Wire> WIRES = new HashMap<>();
    private static QmpChannel monitor;

    private final int card;
    private Wire wire;
    private Port port;

    VfioFixture(int card) {
        this.card = card;
    }

    @Override
    public String spec() {
        return "net_igb:" + GuestMachine.address(card);
    }

    @Override
    public void connect(Port started, MbufPool pool) {
        port = started;
        wire = wire(card);
        while (wire.receive().isPresent()) {
            // Of the case before.
        }
        awaitLink();
    }

    private static synchronized Wire wire(int card) {
        return WIRES.computeIfAbsent(card, n -> Wire.open(port("wire" + n)));
    }

    private static synchronized QmpChannel monitor() {
        if (monitor == null) {
            try {
                RandomAccessFile file = new RandomAccessFile(port("monitor").toFile(), "rw");
                monitor =
                        new QmpChannel(
                                new FileInputStream(file.getFD()),
                                new FileOutputStream(file.getFD()),
                                file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return monitor;
    }

    /** The device of the virtio serial port with this name. */
    private static Path port(String name) {
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

    private void awaitLink() {
        long deadline = System.nanoTime() + LINK_TIMEOUT_MILLIS * 1_000_000;
        while (!port.link().up()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("no link after " + LINK_TIMEOUT_MILLIS + " ms");
            }
            Registers.delayMicros(1_000);
        }
    }

    @Override
    public boolean injects() {
        return true;
    }

    @Override
    public boolean collects() {
        return true;
    }

    @Override
    public void inject(byte[] frame) {
        wire.send(frame);
    }

    @Override
    public Optional<WireFrame> collect() {
        return wire.receive().map(WireFrame::new);
    }

    @Override
    public long settleMillis() {
        return 20;
    }

    /** QEMU drops packets of more than 64 pieces; the device itself has no such limit. */
    @Override
    public int maxTxSegments() {
        return 60;
    }

    /** QEMU's segmentation takes both from the last segment as well. */
    @Override
    public int wrongTcpFlags() {
        return FIN | PSH;
    }

    @Override
    public boolean causeEvent() {
        // Up again, because cases send afterwards.
        monitor().setLink("nic" + card, false);
        Registers.delayMicros(EVENT_MICROS);
        monitor().setLink("nic" + card, true);
        awaitLink();
        Registers.delayMicros(EVENT_MICROS);
        return true;
    }
}
