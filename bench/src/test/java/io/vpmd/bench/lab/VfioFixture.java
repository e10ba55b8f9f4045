// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.contract.qtest.QemuCardFixture;
import io.vpmd.contract.qtest.QmpChannel;
import io.vpmd.contract.qtest.Wire;
import io.vpmd.spi.Port;
import io.vpmd.spi.mbuf.Mbuf;
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

/**
 * A card behind /dev/vfio, seen from inside the guest; its cable and QEMU's monitor are virtio
 * serial ports, which the process keeps open.
 */
final class VfioFixture extends QemuCardFixture {
    private static final long LINK_MILLIS = 20_000;
    /* Longer than the port needs to notice. */
    private static final long NOTICE_MICROS = 200_000;
    private static final long DRAIN_NANOS = 50_000_000;
    private static final Map<Integer, Wire> WIRES = new HashMap<>();
    private static QmpChannel monitor;

    private final int card;

    VfioFixture(int card) {
        super(LINK_MILLIS, NOTICE_MICROS);
        this.card = card;
    }

    @Override
    public String spec() {
        return "net_igb:" + GuestMachine.address(card);
    }

    @Override
    protected Wire wire() {
        Wire wire = wire(card);
        while (wire.receive().isPresent()) {
            // Of the case before.
        }
        return wire;
    }

    @Override
    public void connect(Port started, MbufPool pool) {
        super.connect(started, pool);
        // What QEMU still held for this card, of the case before, arrives when the port starts.
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

    @Override
    protected void setLink(boolean up) {
        monitor().setLink("nic" + card, up);
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

    @Override
    public long settleMillis() {
        return 20;
    }
}
