// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.bench.cli.Vpmd;
import io.vpmd.contract.qtest.QemuProcess;
import io.vpmd.contract.qtest.QmpChannel;
import io.vpmd.contract.qtest.Wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A running guest. Its processes are root's; it sees this machine's files, read-only, below {@code
 * /host}. Methods may be called from any thread; a test that fails in one gets the end of the
 * kernel's log.
 */
final class Guest implements AutoCloseable {
    static final int SHELLS = 4;
    static final int RUN_SECONDS = 120;
    private static final int BOOT_SECONDS = 120;
    private static final int LOG_LINES = 25;

    private final QemuProcess qemu;
    /* The first is for what is over soon, such as signals to the others' commands. */
    private final List<GuestShell> shells = new ArrayList<>();
    private int commands;

    Guest(QemuProcess qemu) {
        this.qemu = qemu;
        try {
            for (int i = 0; i < SHELLS; i++) {
                shells.add(new GuestShell(qemu.awaitSocket("command" + i)));
            }
            start(shells.getFirst(), "dmesg -n 4").check(BOOT_SECONDS);
            // Read in order now, in the background, rather than page by page later.
            start(
                    shells.getLast(),
                    "cd "
                            + jdk()
                            + "/lib && cat server/libjvm.so server/classes.jsa modules | wc -c");
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private synchronized GuestCommand start(GuestShell shell, String script) {
        return new GuestCommand(this, shell, script, commands++);
    }

    /** Starts a script; the caller closes it. At most three at a time. */
    synchronized GuestCommand start(String script) {
        GuestShell free =
                shells.stream()
                        .skip(1)
                        .filter(GuestShell::idle)
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("all shells are busy"));
        return start(free, script);
    }

    /** Runs a script that ends soon. */
    synchronized GuestShell.Result run(String script) {
        return start(shells.getFirst(), script).await(RUN_SECONDS);
    }

    /** Runs a script that has to succeed soon, and returns what it printed. */
    synchronized String check(String script) {
        return start(shells.getFirst(), script).check(RUN_SECONDS);
    }

    /** Starts the command {@code vpmd LINE} with the classes under test; the line is a shell's. */
    GuestCommand vpmd(String line) {
        return java(Vpmd.class, line);
    }

    /** Starts a class of the tests; the line is a shell's. */
    GuestCommand java(Class<?> main, String line) {
        return java("", main, line);
    }

    /** The same behind a command that runs other commands. */
    GuestCommand java(String prefix, Class<?> main, String line) {
        String java = jdk() + "/bin/java " + String.join(" ", GuestClasses.options()) + " ";
        return start(
                // HotSpot's own signal is otherwise one that vpmd has a use for.
                "export _JAVA_SR_SIGNUM=50; cd /tmp; exec "
                        + prefix
                        + " "
                        + java
                        + main.getName()
                        + " "
                        + line);
    }

    private static String jdk() {
        try {
            return seen(Path.of(System.getProperty("java.home")).toRealPath());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where the guest sees a file of this machine. */
    static String seen(Path file) {
        return "/host" + file;
    }

    /** The other end of a card's cable; one at a time. */
    Wire wire(int number) {
        return Wire.connect(qemu.folder().resolve("wire" + number));
    }

    /** Where this process reaches the virtio serial port of {@link GuestMachine#wireInside}. */
    Path inside(int number) {
        return qemu.awaitSocket("inside" + number);
    }

    QmpChannel monitor() {
        return qemu.monitor();
    }

    boolean running() {
        return qemu.running() && shells.stream().noneMatch(GuestShell::broken);
    }

    /** What went wrong, with what the kernel has said last. */
    AssertionError failure(String script, String problem, String output) {
        String command =
                script.length() > 200 ? "..." + script.substring(script.length() - 200) : script;
        return new AssertionError(
                command + " " + problem + ":\n" + output + "\nThe guest's console:\n" + console());
    }

    private String console() {
        try {
            List<String> lines = Files.readAllLines(qemu.folder().resolve("console"));
            return String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException e) {
            return qemu.said();
        }
    }

    @Override
    public void close() {
        shells.forEach(GuestShell::close);
        qemu.close();
    }
}
