// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.contract.qtest.Lab;
import io.vpmd.contract.qtest.QemuProcess;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The parts of a guest that is to be booted. Cards have even PCI device numbers from 4 on. */
final class GuestMachine {

    /** QEMU's device for cards that are served over vfio-user. */
    static final String SERVED = "vfio-user-pci";

    /** Kernels of the lab; the last is there only after {@code bench/lab/setup --debug-kernel}. */
    static final String DEBIAN_12 = "guest";

    static final String NEWEST = "kernels/newest";
    static final String CHECKING = "debug";

    /* QEMU gives a device up whose server is stopped for longer; its own limit is 5 s. */
    private static final int ANSWER_MILLIS = 120_000;

    /* What an emulated processor does slowly and a test guest does without. */
    private static final String KERNEL_ARGUMENTS =
            "console=ttyS0 panic=-1 quiet nokaslr mitigations=off lsm= audit=0 nmi_watchdog=0"
                    + " random.trust_cpu=on tsc=reliable no_timer_check cryptomgr.notests";

    private final List<Function<Path, List<String>>> parts = new ArrayList<>();
    private String lab = DEBIAN_12;
    private boolean iommu;
    private int processors = 1;
    private int mebibytes = 2048;
    private String needed = "igb";
    private String moreArguments = "";

    /** Puts an IOMMU in front of all devices, and turns it on in the kernel. */
    GuestMachine iommu() {
        iommu = true;
        return this;
    }

    /** Boots another kernel of the lab than Debian 12's. */
    GuestMachine lab(String folder) {
        lab = folder;
        return this;
    }

    /** Adds words to the kernel's command line. */
    GuestMachine kernel(String arguments) {
        moreArguments = " " + arguments;
        return this;
    }

    /** Gives it so many processors: drivers make as many queues. */
    GuestMachine processors(int count) {
        processors = count;
        return this;
    }

    /** Gives it so much memory; of 3072 MiB the last GiB lies above 4 GiB. */
    GuestMachine memory(int amount) {
        mebibytes = amount;
        return this;
    }

    /**
     * A card whose cable ends in this process, see {@link Guest#wire}.
     *
     * @param properties QEMU's device and its properties; id, netdev and addr are added
     */
    GuestMachine card(int number, String properties) {
        parts.add(
                folder ->
                        List.of(
                                "-netdev",
                                "stream,id=wire%d,server=on,addr.type=unix,addr.path=%s/wire%d"
                                        .formatted(number, folder, number),
                                "-device",
                                properties + at(number)));
        return this;
    }

    /**
     * A card whose cable ends in the guest itself, as the virtio serial port {@code wireNUMBER}:
     * programs in the guest see what is on the wire.
     */
    GuestMachine cardWithWireInside(int number, String properties) {
        parts.add(
                folder -> {
                    String socket = folder + "/inside" + number;
                    String wire = "wire" + number;
                    List<String> all = new ArrayList<>(inside(wire, wire + "-port", socket));
                    all.addAll(
                            List.of(
                                    "-netdev",
                                    "stream,id="
                                            + wire
                                            + ",server=off,addr.type=unix,addr.path="
                                            + socket,
                                    "-device",
                                    properties + at(number)));
                    return all;
                });
        return this;
    }

    /** A card that this or another process serves at a socket; the cable is that one's. */
    GuestMachine servedCard(int number, Path socket) {
        if (!needed.equals(SERVED)) {
            needed = SERVED;
            // The server maps the guest's memory.
            parts.add(
                    _ ->
                            List.of(
                                    "-machine",
                                    "memory-backend=memory",
                                    "-object",
                                    "memory-backend-memfd,id=memory,share=on,size="
                                            + mebibytes
                                            + "M"));
        }
        return with(
                "-device",
                """
                {"driver":"%s","addr":"%02x.0","x-msg-timeout":%d,\
                "socket":{"type":"unix","path":"%s"}}\
                """
                        .formatted(SERVED, slot(number), ANSWER_MILLIS, socket));
    }

    /** The virtio serial port {@code wireNUMBER}, whose other end is {@link Guest#inside}. */
    GuestMachine wireInside(int number) {
        String wire = "wire" + number;
        parts.add(folder -> inside(wire, wire + "-port", folder + "/inside" + number));
        return this;
    }

    /** QEMU's monitor in the guest, as the virtio serial port {@code monitor}. */
    GuestMachine monitorInside() {
        parts.add(
                folder -> {
                    String socket = folder + "/inside-monitor";
                    List<String> all = new ArrayList<>(inside("monitor", "monitor-port", socket));
                    all.addAll(
                            List.of(
                                    "-chardev",
                                    "socket,id=monitor-end,path=" + socket,
                                    "-mon",
                                    "chardev=monitor-end,mode=control"));
                    return all;
                });
        return this;
    }

    /** Anything else for QEMU's command line. */
    GuestMachine with(String... arguments) {
        parts.add(folder -> List.of(arguments));
        return this;
    }

    private static List<String> inside(String name, String id, String socket) {
        return List.of(
                "-chardev",
                "socket,id=" + id + ",path=" + socket + ",server=on,wait=off",
                "-device",
                "virtserialport,chardev=" + id + ",name=" + name);
    }

    private static String at(int number) {
        return ",id=nic%d,netdev=wire%d,addr=%02x.0".formatted(number, number, slot(number));
    }

    /** PCI device number of a card. The virtual functions of a card take slots further up. */
    private static int slot(int number) {
        return 4 + 2 * number;
    }

    /** PCI address of a card. */
    static String address(int number) {
        return "0000:00:%02x.0".formatted(slot(number));
    }

    /** Boots it; the caller closes it. */
    Guest boot() {
        return new Guest(QemuProcess.start(Lab.qemu(needed), this::arguments));
    }

    private List<String> arguments(Path folder) {
        Path files = Lab.home().resolve(lab);
        List<String> all = new ArrayList<>();
        all.addAll(List.of("-M", "q35,kernel-irqchip=split", "-accel", "tcg,thread=multi"));
        all.addAll(
                List.of(
                        "-cpu",
                        // QEMU emulates REP MOVSB byte by byte.
                        "max,erms=off,fsrm=off",
                        "-smp",
                        "" + processors,
                        "-m",
                        mebibytes + "M",
                        "-no-reboot"));
        all.addAll(List.of("-serial", "file:" + folder.resolve("console")));
        all.addAll(List.of("-kernel", "" + files.resolve("kernel")));
        all.addAll(List.of("-initrd", "" + files.resolve("initrd"), "-append"));
        all.add(KERNEL_ARGUMENTS + (iommu ? " intel_iommu=on" : "") + moreArguments);
        if (iommu) {
            all.addAll(List.of("-device", "intel-iommu,intremap=on,caching-mode=on"));
        }
        Path root = files.resolve("root");
        share(all, "root", Files.exists(root) ? root : Lab.home().resolve(DEBIAN_12 + "/root"));
        share(all, "host", Path.of("/"));
        all.addAll(List.of("-device", "virtio-serial-pci"));
        for (int i = 0; i < Guest.SHELLS; i++) {
            all.addAll(inside("command" + i, "command" + i, folder + "/command" + i));
        }
        parts.forEach(part -> all.addAll(part.apply(folder)));
        return all;
    }

    private static void share(List<String> all, String tag, Path folder) {
        all.add("-fsdev");
        all.add(
                "local,id="
                        + tag
                        + ",path="
                        + folder
                        + ",security_model=none,readonly=on,multidevs=remap");
        all.addAll(List.of("-device", "virtio-9p-pci,fsdev=" + tag + ",mount_tag=" + tag));
    }
}
