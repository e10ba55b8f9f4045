// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program that makes interfaces and moves packets through them in one thread. */
interface Peer {
    /** The core that moves packets; the other core is left to those who send and receive. */
    int CORE = 1;

    /** The name in tables. */
    String name();

    /** What its output contains once it moves packets. */
    String ready();

    /** The command that sends 64-byte frames to the kernel as fast as it can. */
    List<String> transmit(String iface);

    /** The command that forwards between two interfaces. */
    List<String> forward(String first, String second);

    /** dpdk-testpmd on net_tap, which spins. */
    record Dpdk(Path testpmd) implements Peer {
        @Override
        public String name() {
            return "net_tap";
        }

        @Override
        public String ready() {
            return "Press enter to exit";
        }

        private List<String> command(String mode, String... devices) {
            List<String> command = Dpdk.eal(testpmd);
            for (String device : devices) {
                command.add("--vdev=" + device);
            }
            command.addAll(List.of("--", "--forward-mode=" + mode, "--total-num-mbufs=16384"));
            return command;
        }

        /** The command up to its devices. */
        static List<String> eal(Path testpmd) {
            return new ArrayList<>(
                    List.of(
                            // Into a pipe or file, the C library would hold lines back.
                            "stdbuf",
                            "--output=L",
                            testpmd.toString(),
                            "-l",
                            "0," + CORE,
                            "--no-pci",
                            "--in-memory",
                            "--single-file-segments"));
        }

        @Override
        public List<String> transmit(String iface) {
            return command("txonly", "net_tap0,iface=" + iface);
        }

        @Override
        public List<String> forward(String first, String second) {
            return command("io", "net_tap0,iface=" + first, "net_tap1,iface=" + second);
        }
    }

    /** Our loop in C. */
    record Loop(Path program, boolean spin) implements Peer {
        @Override
        public String name() {
            return spin ? "C loop, spinning" : "C loop, sleeping";
        }

        @Override
        public String ready() {
            return "ready";
        }

        @Override
        public List<String> transmit(String iface) {
            return List.of("taskset", "-c", "" + CORE, program.toString(), "tx", iface);
        }

        @Override
        public List<String> forward(String first, String second) {
            String mode = spin ? "fwd-spin" : "fwd";
            return List.of("taskset", "-c", "" + CORE, program.toString(), mode, first, second);
        }
    }

    /** vpmd testpmd on net_kni. */
    record Vpmd(Path launcher, String waitMode) implements Peer {
        @Override
        public String name() {
            return "vpmd, wait " + waitMode;
        }

        @Override
        public String ready() {
            return "packet forwarding";
        }

        private List<String> command(String mode, String... interfaces) {
            List<String> command = new ArrayList<>(List.of(launcher.toString(), "testpmd"));
            for (String iface : interfaces) {
                command.addAll(List.of("--port", "net_kni:" + iface + ",backend=tap"));
            }
            command.addAll(
                    List.of("--forward-mode", mode, "--wait", waitMode, "--cores", "" + CORE));
            return command;
        }

        @Override
        public List<String> transmit(String iface) {
            return command("txonly", iface);
        }

        @Override
        public List<String> forward(String first, String second) {
            return command("io", first, second);
        }
    }
}
