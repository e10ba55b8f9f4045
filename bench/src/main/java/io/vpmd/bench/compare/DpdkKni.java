// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * DPDK's KNI, which Debian 12 has as source only: the module against the headers of the lab's
 * kernel, and net_kni with the library below it as a plug-in of dpdk-testpmd as packaged. Built
 * once.
 *
 * @param module rte_kni.ko
 * @param plugin net_kni
 */
record DpdkKni(Path module, Path plugin) {
    /** Where the guest has dpdk-testpmd with all that it loads; {@code run} starts it. */
    static final String IN_GUEST = "/root/dpdk";

    /** Huge pages of 2 MiB that it takes. */
    static final int HUGE_PAGES = 192;

    private static final String PACKAGE = "libdpdk-dev";
    private static final Path INCLUDES = Path.of("/usr/include/x86_64-linux-gnu/dpdk");
    private static final Path LIBRARIES = Path.of("/usr/lib/x86_64-linux-gnu");
    private static final int BUILD_SECONDS = 300;

    /**
     * Fetches and builds what is not there yet.
     *
     * @throws RunException when there is none to compare with, with the reason
     */
    static DpdkKni prepare() throws IOException, InterruptedException {
        String version =
                AptSource.installed(PACKAGE)
                        .orElseThrow(() -> new RunException(PACKAGE + " is not installed"));
        ComparisonCommand.need("gcc", "make", "strip", "dpdk-testpmd");
        Path folder = Installation.target().resolve("dpdk");
        Path source = new AptSource(folder).unpacked("dpdk", version);
        Path built = folder.resolve("kni-" + version + "-" + KniGuest.release());
        DpdkKni kni = new DpdkKni(built.resolve("rte_kni.ko"), built.resolve("librte_net_kni.so"));
        if (!Files.exists(kni.module) || !Files.exists(kni.plugin)) {
            Files.createDirectories(built);
            kni.buildPlugin(source);
            kni.buildModule(source, built);
        }
        return kni;
    }

    private void buildPlugin(Path source) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        // Not for this machine's processor: the guest's has less.
        command.addAll(List.of("gcc", "-O3", "-march=corei7", "-fPIC", "-shared"));
        command.addAll(List.of("-include", "rte_config.h", "-I/usr/include/dpdk"));
        command.addAll(List.of("-I" + INCLUDES, "-I" + source.resolve("lib/kni")));
        for (String inner : List.of("lib/ethdev", "lib/eal/include", "drivers/bus/vdev")) {
            command.addAll(List.of("-idirafter", source.resolve(inner).toString()));
        }
        command.addAll(List.of("-DALLOW_INTERNAL_API", "-DALLOW_EXPERIMENTAL_API"));
        command.addAll(List.of("-o", plugin.toString()));
        command.add(source.resolve("lib/kni/rte_kni.c").toString());
        command.add(source.resolve("drivers/net/kni/rte_eth_kni.c").toString());
        build("net_kni", command);
    }

    private void buildModule(Path source, Path built) throws IOException, InterruptedException {
        Path copy = built.resolve("module");
        Files.createDirectories(copy);
        try (Stream<Path> files = Files.list(source.resolve("kernel/linux/kni"))) {
            for (Path file : files.toList()) {
                Path to = copy.resolve(String.valueOf(file.getFileName()));
                if (!Files.exists(to)) {
                    Files.copy(file, to);
                }
            }
        }
        Path headers = KniGuest.lab().resolve("guest/headers/linux-headers-" + KniGuest.release());
        String flags =
                "-DHAVE_ARG_TX_QUEUE -include %s/rte_config.h -I%s -I%s -I%s -I%s"
                        .formatted(
                                INCLUDES,
                                INCLUDES,
                                source.resolve("lib/eal/include"),
                                source.resolve("lib/kni"),
                                copy);
        build(
                "rte_kni.ko",
                List.of(
                        "make",
                        "-C",
                        "" + headers,
                        "M=" + copy,
                        "MODULE_CFLAGS=" + flags,
                        "modules"));
        build(
                "rte_kni.ko",
                List.of("strip", "--strip-debug", "-o", "" + module, copy + "/rte_kni.ko"));
    }

    private static void build(String what, List<String> command)
            throws IOException, InterruptedException {
        Shell.Result result = Shell.run(BUILD_SECONDS, command);
        if (result.exit() != 0) {
            throw new RunException(what + " is not built: " + Shell.lastLine(result.output()));
        }
    }

    /** The script that brings dpdk-testpmd and its libraries into the guest's memory. */
    String install() throws IOException, InterruptedException {
        Shell.Result libraries = Shell.run(BUILD_SECONDS, List.of("ldd", "/usr/bin/dpdk-testpmd"));
        StringBuilder script = new StringBuilder("mkdir -p /root/dpdk/lib\ncp");
        libraries
                .output()
                .lines()
                .filter(line -> line.contains("=> /"))
                .map(line -> line.replaceFirst("^.*=> (\\S+) .*$", "$1"))
                .forEach(file -> script.append(" /host").append(file));
        Path pool = LIBRARIES.resolve("librte_mempool_ring.so.23");
        script.append(" " + KniGuest.seen(pool) + " " + KniGuest.seen(plugin));
        script.append(" " + IN_GUEST + "/lib\n");
        // The loader and the libraries belong together, and the guest's are others.
        script.append(
                "cp -L %s/ld-linux-x86-64.so.2 %s\n".formatted(KniGuest.seen(LIBRARIES), IN_GUEST));
        script.append("cp /host/usr/bin/dpdk-testpmd %s\n".formatted(IN_GUEST));
        script.append(
                """
                cd /root/dpdk
                echo 'exec /root/dpdk/ld-linux-x86-64.so.2 --library-path /root/dpdk/lib \
                /root/dpdk/dpdk-testpmd -d /root/dpdk/lib/%s -d /root/dpdk/lib/%s "$@"' > run
                sed -i '1i #!/bin/bash' run
                chmod +x run
                """
                        .formatted(pool.getFileName(), plugin.getFileName()));
        return script.toString();
    }
}
