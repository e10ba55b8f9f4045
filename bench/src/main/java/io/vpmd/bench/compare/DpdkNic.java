// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The burst functions of DPDK's ixgbe driver: {@code bench/reference/nicdpdk.c}, compiled with the
 * headers of the driver's source and linked with the driver as packaged.
 */
record DpdkNic(Path program, String version) {
    /** The ways of the driver to move packets, as the program names them. */
    enum Way {
        VECTOR,
        SIMPLE,
        FULL,
        CHECKSUM;

        String argument() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String PACKAGE = "libdpdk-dev";
    /* Of 2 MiB; it takes a third of them. */
    private static final int HUGE_PAGES = 64;
    private static final List<String> LIBRARIES =
            List.of(
                    "net_ixgbe",
                    "ethdev",
                    "eal",
                    "mbuf",
                    "mempool",
                    "ring",
                    "kvargs",
                    "telemetry",
                    "net",
                    "meter",
                    "hash",
                    "rcu",
                    "security",
                    "cryptodev",
                    "pci",
                    "bus_pci",
                    "bus_vdev",
                    "timer");

    /**
     * Fetches, compiles and tries.
     *
     * @param cleanup puts the number of huge pages back
     * @throws RunException when there is no DPDK to compare with, with the reason
     */
    static DpdkNic prepare(Cleanup cleanup) throws Exception {
        String version = AptSource.installed(PACKAGE).orElseThrow(DpdkNic::notInstalled);
        Path source = new AptSource(folder()).unpacked("dpdk", version);
        Path program = folder().resolve("nicdpdk-" + version);
        if (!Reference.fresh(program)) {
            Reference.compile(
                    Reference.folder().resolve("nicdpdk.c"),
                    program,
                    options(source).toArray(String[]::new));
        }
        HugePages.reserve(cleanup, HUGE_PAGES, HUGE_PAGES);
        return new DpdkNic(program, version);
    }

    private static Path folder() {
        return Installation.target().resolve("dpdk");
    }

    private static RunException notInstalled() {
        return new RunException(PACKAGE + " is not installed");
    }

    /** What gcc needs to find the driver's headers and the packaged libraries. */
    static List<String> options(Path source) {
        List<String> options = new ArrayList<>();
        options.addAll(List.of("-include", "rte_config.h"));
        options.addAll(List.of("-I/usr/include/dpdk", "-I/usr/include/x86_64-linux-gnu/dpdk"));
        // The headers that are not installed; those that are come from the package.
        for (String inner : List.of("lib/ethdev", "lib/eal/include", "lib/security")) {
            options.addAll(List.of("-idirafter", source.resolve(inner).toString()));
        }
        for (String inner :
                List.of("drivers/bus/pci", "drivers/net/ixgbe", "drivers/net/ixgbe/base")) {
            options.addAll(List.of("-isystem", source.resolve(inner).toString()));
        }
        options.addAll(List.of("-DALLOW_INTERNAL_API", "-DALLOW_EXPERIMENTAL_API"));
        // Changes the layout of what the driver keeps for a port.
        options.add("-DRTE_LIBRTE_IXGBE_BYPASS");
        options.addAll(List.of("-Wl,--whole-archive", "-l:librte_mempool_ring.a"));
        options.addAll(List.of("-Wl,--no-whole-archive", "-Wl,--start-group"));
        LIBRARIES.forEach(name -> options.add("-l:librte_" + name + ".a"));
        options.addAll(List.of("-Wl,--end-group", "-lnuma", "-lbsd", "-lm", "-pthread"));
        return options;
    }

    /** Nanoseconds a packet. */
    double nanos(Way way, int burst, double seconds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.addAll(List.of(program.toString(), way.argument(), "" + burst, "" + seconds));
        command.add("--in-memory");
        return Reference.nanos(seconds, command);
    }
}
