// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract.qtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A QEMU whose processor is halted, with network devices that this process drives through the qtest
 * socket. Wire i is a stream of frames, see {@link Wire}.
 */
public final class Qemu implements AutoCloseable {
    private static final int FIRST_SLOT = 4;
    /* The virtual functions of a card take two slots further up. */
    private static final int SLOT_STEP = 2;

    private static final int BIOS_SIZE = 65536;
    /* cli; hlt; jump back to hlt, at the reset vector. */
    private static final byte[] RESET_VECTOR = {(byte) 0xfa, (byte) 0xf4, (byte) 0xeb, (byte) 0xfd};

    private final GuestMemory memory = new GuestMemory();
    private final QemuProcess process;
    private final QtestChannel qtest;

    private Qemu(String device, List<String> options) {
        process = QemuProcess.start(Lab.qemu(device), folder -> arguments(folder, device, options));
        try {
            qtest = new QtestChannel(process.awaitSocket("qtest"));
        } catch (RuntimeException e) {
            process.close();
            memory.close();
            throw e;
        }
    }

    /**
     * Starts a machine.
     *
     * @param device QEMU's name of the network device, for example {@code igb}
     * @param options further properties of each card, one element a card
     */
    public static Qemu start(String device, List<String> options) {
        return new Qemu(device, options);
    }

    private List<String> arguments(Path folder, String device, List<String> options) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("-M", "q35,memory-backend=ram", "-accel", "tcg"));
        // Nobody computes, so that time leaps to the next timer: no waiting for a link.
        command.addAll(List.of("-icount", "shift=0,sleep=off"));
        command.addAll(List.of("-m", (GuestMemory.SIZE >> 20) + "M,slots=128,maxmem=32G"));
        command.addAll(List.of("-object", memory.backend(), "-bios", "" + bios(folder)));
        command.addAll(List.of("-qtest-log", "none"));
        command.addAll(
                List.of("-qtest", "unix:" + folder.resolve("qtest") + ",server=on,wait=off"));
        for (int i = 0; i < options.size(); i++) {
            command.add("-netdev");
            command.add(
                    "stream,id=wire"
                            + i
                            + ",server=on,addr.type=unix,addr.path="
                            + folder.resolve("wire" + i));
            command.add("-device");
            command.add(
                    device
                            + ",id=nic"
                            + i
                            + ",netdev=wire"
                            + i
                            + ",addr=0"
                            + slot(i)
                            + ".0"
                            + (options.get(i).isEmpty() ? "" : "," + options.get(i)));
        }
        return command;
    }

    private static Path bios(Path folder) {
        byte[] bios = new byte[BIOS_SIZE];
        System.arraycopy(RESET_VECTOR, 0, bios, BIOS_SIZE - 16, RESET_VECTOR.length);
        try {
            return Files.write(folder.resolve("bios"), bios);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** PCI device number of a card. */
    static int slot(int number) {
        return FIRST_SLOT + SLOT_STEP * number;
    }

    /** The way to card {@code number}. */
    public QtestBus bus(int number) {
        return new QtestBus(number, qtest, process.monitor(), memory);
    }

    /** The other end of the cable of card {@code number}; one at a time. */
    public Wire wire(int number) {
        return Wire.connect(process.folder().resolve("wire" + number));
    }

    /** Plugs the cable of a card in or out. */
    public void setLink(int number, boolean up) {
        process.monitor().setLink("nic" + number, up);
    }

    public boolean running() {
        return process.running();
    }

    @Override
    public void close() {
        qtest.close();
        process.close();
        memory.close();
    }
}
