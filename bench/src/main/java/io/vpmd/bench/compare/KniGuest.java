// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A guest of the lab with two processors, in which scripts run one after the other; see
 * bench/lab/guest/agent. This machine's files are below {@code /host}.
 */
final class KniGuest {
    private static final int SOCKET_SECONDS = 20;
    private static final String KERNEL_ARGUMENTS =
            "console=ttyS0 panic=-1 quiet nokaslr mitigations=off lsm= audit=0 nmi_watchdog=0"
                    + " random.trust_cpu=on tsc=reliable no_timer_check cryptomgr.notests";

    /* QEMU emulates REP MOVSB byte by byte; on a processor that has ERMS, it is what copies fastest. */
    private static final String CPU = "max,erms=off,fsrm=off";

    private final String functions;
    private final BufferedReader in;
    private final OutputStream out;

    private KniGuest(SocketChannel channel) throws IOException {
        try (InputStream script = KniGuest.class.getResourceAsStream("kni.sh")) {
            if (script == null) {
                throw new IllegalStateException("kni.sh is not in the jar");
            }
            functions = new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
        in =
                new BufferedReader(
                        new InputStreamReader(
                                Channels.newInputStream(channel), StandardCharsets.UTF_8));
        out = Channels.newOutputStream(channel);
    }

    /** The folder of bench/lab/setup. */
    static Path lab() {
        return Optional.ofNullable(System.getenv("VPMD_LAB_HOME"))
                .map(Path::of)
                .orElseGet(
                        () ->
                                Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                                        .map(Path::of)
                                        .orElse(Path.of(System.getProperty("user.home"), ".cache"))
                                        .resolve("vpmd/lab"));
    }

    /** What {@code uname -r} says in the guest. */
    static String release() throws IOException {
        Path file = lab().resolve("guest/release");
        if (!Files.exists(file)) {
            throw new RunException("there is no guest in " + lab() + "; run bench/lab/setup");
        }
        return Files.readString(file).strip();
    }

    /** Where the guest sees a file of this machine. */
    static String seen(Path file) {
        return "/host" + file.toAbsolutePath();
    }

    /** Boots it; it ends with {@code cleanup}. */
    static KniGuest boot(Cleanup cleanup) throws Exception {
        Path folder = Files.createTempDirectory("compare-kni");
        Path log = folder.resolve("log");
        List<Process> started = new ArrayList<>();
        cleanup.begin(
                () ->
                        started.add(
                                new ProcessBuilder(command(folder))
                                        .redirectErrorStream(true)
                                        .redirectOutput(log.toFile())
                                        .start()),
                () -> {
                    started.forEach(Process::destroyForcibly);
                    for (Process process : started) {
                        process.waitFor();
                    }
                    Shell.may("rm", "-r", folder.toString());
                });
        return new KniGuest(connect(folder.resolve("command"), log, started.getFirst()));
    }

    private static SocketChannel connect(Path socket, Path log, Process qemu)
            throws IOException, InterruptedException {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(SOCKET_SECONDS);
        while (true) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return channel;
            } catch (IOException e) {
                channel.close();
                if (!qemu.isAlive() || System.nanoTime() > limit) {
                    throw new RunException(
                            "QEMU did not start: " + Shell.lastLine(Files.readString(log)));
                }
                Thread.sleep(20);
            }
        }
    }

    private static List<String> command(Path folder) {
        Path files = lab().resolve("guest");
        List<String> all = new ArrayList<>();
        all.add(lab().resolve("qemu-system-x86_64").toString());
        all.addAll(List.of("-nodefaults", "-display", "none", "-no-reboot"));
        all.addAll(List.of("-M", "q35,kernel-irqchip=split", "-accel", "tcg,thread=multi"));
        all.addAll(List.of("-cpu", CPU, "-smp", "2", "-m", "2048M"));
        all.addAll(List.of("-serial", "file:" + folder.resolve("console")));
        all.addAll(List.of("-kernel", "" + files.resolve("kernel")));
        all.addAll(List.of("-initrd", "" + files.resolve("initrd")));
        all.addAll(List.of("-append", KERNEL_ARGUMENTS));
        share(all, "root", files.resolve("root"));
        share(all, "host", Path.of("/"));
        all.addAll(List.of("-device", "virtio-serial-pci", "-chardev"));
        all.add("socket,id=command0,server=on,wait=off,path=" + folder.resolve("command"));
        all.addAll(List.of("-device", "virtserialport,chardev=command0,name=command0"));
        return all;
    }

    private static void share(List<String> all, String tag, Path folder) {
        all.addAll(
                List.of(
                        "-fsdev",
                        "local,id="
                                + tag
                                + ",path="
                                + folder
                                + ",security_model=none,readonly=on,multidevs=remap",
                        "-device",
                        "virtio-9p-pci,fsdev=" + tag + ",mount_tag=" + tag));
    }

    /**
     * Runs commands behind the functions of kni.sh, and returns what they printed.
     *
     * @throws RunException when they fail
     */
    String run(String commands) throws IOException {
        byte[] script = (functions + "\n" + commands).getBytes(StandardCharsets.UTF_8);
        String line = Base64.getEncoder().encodeToString(script) + "\n";
        out.write(line.getBytes(StandardCharsets.US_ASCII));
        StringBuilder said = new StringBuilder();
        for (String text = in.readLine(); text != null; text = in.readLine()) {
            int end = text.indexOf("\001exit ");
            if (end < 0) {
                said.append(text).append('\n');
                continue;
            }
            said.append(text, 0, end);
            if (!text.substring(end).equals("\001exit 0\002")) {
                throw new RunException("in the guest: " + Shell.lastLine(said.toString()));
            }
            return said.toString();
        }
        throw new RunException("the guest has ended: " + Shell.lastLine(said.toString()));
    }
}
