// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import java.nio.file.Path;

/**
 * Who makes the interfaces kni0 and kni1 in the guest.
 *
 * @param name in tables
 * @param module the module that is loaded meanwhile, as the guest sees it; empty for none
 * @param options parameters of the module
 * @param ready what the output has once packets are moved
 * @param transmit the command that sends to kni0
 * @param forward the command that forwards between kni0 and kni1
 */
record KniPeer(
        String name, String module, String options, String ready, String transmit, String forward) {
    /** The core of the guest that moves packets. */
    private static final int CORE = 1;

    /** dpdk-testpmd on net_kni. */
    static KniPeer dpdk(DpdkKni dpdk) {
        String eal =
                DpdkKni.IN_GUEST
                        + "/run -l 0,"
                        + CORE
                        + " --no-pci --in-memory --single-file-segments";
        String rest = " --total-num-mbufs=16384 --stats-period=1";
        return new KniPeer(
                "rte_kni",
                KniGuest.seen(dpdk.module()),
                // Its net_kni does not set it.
                "carrier=on",
                "NIC statistics",
                eal + " --vdev=net_kni0 -- --forward-mode=txonly" + rest,
                eal + " --vdev=net_kni0 --vdev=net_kni1 -- --forward-mode=io" + rest);
    }

    /** vpmd testpmd on net_kni with a back-end. */
    static KniPeer vpmd(String backend, String module, String wait) {
        return new KniPeer(
                "vpmd, " + backend,
                module,
                "",
                "packet forwarding",
                testpmd("txonly", wait, backend, "kni0"),
                testpmd("io", wait, backend, "kni0", "kni1"));
    }

    private static String testpmd(String mode, String wait, String backend, String... interfaces) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path target = Installation.target();
        // QEMU may run stale code where one compiler's replaces another's, so there is one.
        StringBuilder line =
                new StringBuilder("env _JAVA_SR_SIGNUM=50 ")
                        .append(KniGuest.seen(java))
                        .append(" -XX:-TieredCompilation -XX:+UseSerialGC -Xlog:cds=off")
                        .append(" --enable-native-access=ALL-UNNAMED -cp ")
                        .append(KniGuest.seen(target.resolve("vpmd-bench.jar")))
                        .append(':')
                        .append(KniGuest.seen(target.resolve("lib")))
                        .append("/* io.vpmd.bench.cli.Vpmd testpmd --cores " + CORE)
                        .append(" --wait " + wait)
                        .append(" --forward-mode " + mode);
        for (String iface : interfaces) {
            line.append(" --port net_kni:" + iface + ",backend=" + backend);
        }
        return line.toString();
    }

    /** The same for kni.sh; forwards, or else only sends. */
    String variables(boolean forwards) {
        return "module='%s' options='%s' ready='%s' command='%s'\n"
                .formatted(module, options, ready, forwards ? forward : transmit);
    }
}
