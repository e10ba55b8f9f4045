// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.contract.qtest.QemuCardFixture;
import io.vpmd.contract.qtest.QmpChannel;
import io.vpmd.contract.qtest.Wire;
import io.vpmd.spi.Port;
import io.vpmd.spi.mbuf.MbufPool;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;

/**
 * A card behind /dev/vfio, seen from inside the guest; its cable and QEMU's monitor are virtio
 * serial ports, which the process keeps open.
 */
final class VfioFixture extends QemuCardFixture {
    private static final long LINK_MILLIS = 20_000;
    /* Longer than the port needs to notice. */
    private static final long NOTICE_MICROS = 200_000;
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
        return GuestWires.wire(card);
    }

    @Override
    public void connect(Port started, MbufPool pool) {
        super.connect(started, pool);
        GuestWires.drain(started);
    }

    @Override
    protected void setLink(boolean up) {
        monitor().setLink("nic" + card, up);
    }

    private static synchronized QmpChannel monitor() {
        if (monitor == null) {
            try {
                RandomAccessFile file =
                        new RandomAccessFile(GuestWires.port("monitor").toFile(), "rw");
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

    @Override
    public long settleMillis() {
        return 20;
    }

    @Override
    public int fewRounds() {
        return GuestWires.FEW_ROUNDS;
    }
}
