// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract.qtest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A QEMU whose processor is halted, with network devices that this process drives through the qtest
 * socket. Wire i is a stream of frames, see {@link Wire}.
 */
public final class Qemu implements AutoCloseable {
    private static final int FIRST_SLOT = 4;
    /* The virtual functions of a card take two slots further up. */
    private static final int SLOT_STEP = 2;

    /* __SO_ACCEPTCON in the fourth column of /proc/net/unix. */
    private static final String LISTENING = "00010000";
    private static final long START_TIMEOUT_MILLIS = 20_000;
    private static final int BIOS_SIZE = 65536;
    /* cli; hlt; jump back to hlt, at the reset vector. */
    private static final byte[] RESET_VECTOR = {(byte) 0xfa, (byte) 0xf4, (byte) 0xeb, (byte) 0xfd};

    private final Path folder;
    private final GuestMemory memory = new GuestMemory();
    /* The end of the JVM, whatever the reason, is the end of the pipe that the shell reads. */
    private static final String DIES_WITH_US =
            "exec 3<&0; { read -r _ <&3; kill -9 $$; } & exec \"$@\" </dev/null 3<&-";

    private final Process process;
    private final QtestChannel qtest;
    private final QmpChannel monitor;

    private Qemu(String device, List<String> options) throws IOException {
        folder = Files.createTempDirectory("vpmd-qemu");
        process = launch(device, options);
        // Also when the JVM ends without closing; when it is killed, the shell sees to it.
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
        try {
            awaitSockets();
            qtest = new QtestChannel(folder.resolve("qtest"));
            monitor = new QmpChannel(folder.resolve("monitor"));
        } catch (IOException | RuntimeException e) {
            String said = Files.readString(folder.resolve("log"));
            kill();
            memory.close();
            throw new IllegalStateException("QEMU did not start: " + said, e);
        }
    }

    /**
     * Starts a machine.
     *
     * @param device QEMU's name of the network device, for example {@code igb}
     * @param options further properties of each card, one element a card
     */
    public static Qemu start(String device, List<String> options) {
        try {
            return new Qemu(device, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch(String device, List<String> options) throws IOException {
        byte[] bios = new byte[BIOS_SIZE];
        System.arraycopy(RESET_VECTOR, 0, bios, BIOS_SIZE - 16, RESET_VECTOR.length);
        Path biosFile = Files.write(folder.resolve("bios"), bios);
        List<String> command = new ArrayList<>(List.of("sh", "-c", DIES_WITH_US, "qemu"));
        command.add(Lab.qemu(device).toString());
        command.addAll(List.of("-M", "q35,memory-backend=ram", "-accel", "tcg"));
        // Nobody computes, so that time leaps to the next timer: no waiting for a link.
        command.addAll(List.of("-icount", "shift=0,sleep=off"));
        command.addAll(List.of("-m", (GuestMemory.SIZE >> 20) + "M,slots=128,maxmem=32G"));
        command.addAll(List.of("-object", memory.backend(), "-bios", biosFile.toString()));
        command.addAll(List.of("-display", "none", "-nodefaults", "-qtest-log", "none"));
        command.addAll(
                List.of("-qtest", "unix:" + folder.resolve("qtest") + ",server=on,wait=off"));
        command.addAll(
                List.of("-qmp", "unix:" + folder.resolve("monitor") + ",server=on,wait=off"));
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
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    /** PCI device number of a card. */
    static int slot(int number) {
        return FIRST_SLOT + SLOT_STEP * number;
    }

    private void awaitSockets() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_TIMEOUT_MILLIS);
        while (!listens("qtest") || !listens("monitor")) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("it does not listen");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** A socket's file is there a moment before anybody listens; the kernel knows who does. */
    private boolean listens(String socket) throws IOException {
        String path = " " + folder.resolve(socket);
        try (Stream<String> sockets = Files.lines(Path.of("/proc/net/unix"))) {
            return sockets.anyMatch(
                    line -> line.endsWith(path) && line.split(" +", 5)[3].equals(LISTENING));
        }
    }

    /** The way to card {@code number}. */
    public QtestBus bus(int number) {
        return new QtestBus(number, qtest, monitor, memory);
    }

    /** The other end of the cable of card {@code number}; one at a time. */
    public Wire wire(int number) {
        return Wire.connect(folder.resolve("wire" + number));
    }

    /** Plugs the cable of a card in or out. */
    public void setLink(int number, boolean up) {
        monitor.run(
                "{\"execute\":\"set_link\",\"arguments\":{\"name\":\"nic"
                        + number
                        + "\",\"up\":"
                        + up
                        + "}}");
    }

    public boolean running() {
        return process.isAlive();
    }

    private void kill() {
        process.destroyForcibly();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            // It is in the temporary folder.
        }
    }

    @Override
    public void close() {
        monitor.close();
        qtest.close();
        kill();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        memory.close();
    }
}
