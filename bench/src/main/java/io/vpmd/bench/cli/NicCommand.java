// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import io.vpmd.bench.app.EndRequest;
import io.vpmd.bench.app.UsageException;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.hw.model.DeviceModel;
import io.vpmd.spi.hw.model.ModelEngine;
import io.vpmd.spi.hw.model.PortWire;
import io.vpmd.spi.hw.model.Wire;
import io.vpmd.spi.hw.vfiouser.AccessListener;
import io.vpmd.spi.hw.vfiouser.AccessTrace;
import io.vpmd.spi.hw.vfiouser.VfioUserServer;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ExitCode;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** {@code vpmd nic}. */
final class NicCommand extends BenchCommand {
    private final Value<String> model =
            required("--model", "MODEL", "The chip: " + NicModels.names() + ".");

    private final Value<String> socket =
            required("--socket", "PATH", "Where drivers and virtual machines connect.");

    private final Value<String> wire =
            optional(
                    String.class,
                    "--wire",
                    "SPEC",
                    "The port at the other end of its cable (default: unplugged).");

    private final Value<String> mac =
            optional(String.class, "--mac", "ADDRESS", "Its address (default: a random one).");

    private final Value<String> trace =
            optional(
                    String.class,
                    "--trace",
                    "FILE",
                    "Write each access to its registers, by name, to this file.");

    NicCommand() {
        super(
                "nic",
                "Serves a NIC in software over vfio-user, to one client at a time, until Ctrl-C.");
        footer(
                "For example, a NIC with a host that answers pings at the other end of its cable:",
                "  vpmd nic --model 82576 --socket /tmp/nic.sock --wire"
                        + " net_echo:0,ip=192.168.210.2",
                "driven by net_igb:",
                "  vpmd testpmd --port net_igb:vfio-user:/tmp/nic.sock",
                "or by the system in a virtual machine (QEMU 10.1 or newer):",
                "  qemu-system-x86_64 -m 2G -M q35,memory-backend=ram \\",
                "    -object memory-backend-memfd,id=ram,size=2G,share=on \\",
                "    -device '{\"driver\":\"vfio-user-pci\",\"socket\":{\"type\":\"unix\",\"path\":"
                        + "\"/tmp/nic.sock\"}}' ...");
    }

    @Override
    public Integer call() {
        NicModels.Maker maker =
                NicModels.named(model.get())
                        .orElseThrow(
                                () ->
                                        new UsageException(
                                                "--model "
                                                        + model.get()
                                                        + " is none of "
                                                        + NicModels.names()));
        EndRequest end = new EndRequest();
        Signals.handle("INT", end::end);
        Signals.handle("TERM", end::end);
        String spec = wire.orNull();
        try (Wire cable = spec == null ? Wire.UNPLUGGED : PortWire.open(model.get(), spec)) {
            DeviceModel device = maker.make(model.get(), address(), cable);
            try (ModelEngine _ = ModelEngine.start(device, cable);
                    TraceFile file = new TraceFile(device, trace.orNull());
                    VfioUserServer server =
                            VfioUserServer.start(device, Path.of(socket.get()), file.listener())) {
                out().println(model.get().toUpperCase(Locale.ROOT) + " served at " + socket.get());
                end.await(Long.MAX_VALUE);
                report("refused messages", server.refusals().all());
            }
            report("violations of the data sheet", device.violations().all());
            report("accesses to what is not modelled", device.registers().unknown().all());
            if (device.dma().faults() > 0) {
                out().println(
                                device.dma().faults()
                                        + " DMA faults, the last: "
                                        + device.dma().lastFault());
            }
        }
        return ExitCode.OK;
    }

    private MacAddress address() {
        String given = mac.orNull();
        try {
            return given == null ? MacAddress.random() : MacAddress.parse(given);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--mac " + given + " is wrong: " + e.getMessage());
        }
    }

    private void report(String what, Map<String, Integer> counts) {
        if (!counts.isEmpty()) {
            out().println(what + ":");
            counts.forEach((kind, n) -> out().println("  " + n + " x " + kind));
        }
    }

    /** The trace that was asked for, or none. */
    private record TraceFile(@Nullable AccessTrace trace) implements AutoCloseable {
        TraceFile(DeviceModel device, @Nullable String path) {
            this(open(device, path));
        }

        private static @Nullable AccessTrace open(DeviceModel device, @Nullable String path) {
            try {
                return path == null ? null : new AccessTrace(device.registers(), Path.of(path));
            } catch (UncheckedIOException e) {
                throw new UsageException("--trace " + path + " cannot be written: " + e.getCause());
            }
        }

        AccessListener listener() {
            return trace == null ? AccessListener.NONE : trace;
        }

        @Override
        public void close() {
            if (trace != null) {
                trace.close();
            }
        }
    }
}
