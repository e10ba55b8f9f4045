// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.contract.qtest.Lab;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The kernel's driver and ours find a model's card, start it, wait for the link, stop it and let go
 * of it (T2). Every register that one of them writes and the other leaves alone is in a table with
 * the reason; the table has no others.
 */
@Tag("guest")
@Timeout(600)
abstract class GoldenTraces {
    private final String driver;
    private final String model;
    @TempDir private Path folder;

    /**
     * A comparison.
     *
     * @param driver the kernel's module, whose name ours has too
     * @param model as {@code vpmd nic} has it
     */
    GoldenTraces(String driver, String model) {
        this.driver = driver;
        this.model = model;
    }

    /** Registers that only the kernel's driver writes, and why ours does not. */
    abstract Map<String, String> theirs();

    /** Registers that only ours writes, and why. */
    abstract Map<String, String> ours();

    @Test
    void everyRegisterThatOneWritesAndTheOtherDoesNotIsExplained() {
        Lab.need(Lab.guestMissing());
        Lab.need(Lab.missing(GuestMachine.SERVED));
        Set<String> kernel = writes(this::useKernel);
        Set<String> own = writes(this::useOwn);
        Map<String, Set<String>> found = new TreeMap<>();
        found.put("only the kernel's driver writes", without(kernel, own));
        found.put("only ours writes", without(own, kernel));
        Map<String, Set<String>> explained = new TreeMap<>();
        explained.put("only the kernel's driver writes", new TreeSet<>(theirs().keySet()));
        explained.put("only ours writes", new TreeSet<>(ours().keySet()));
        assertEquals(explained, found);
    }

    private static Set<String> without(Set<String> all, Set<String> some) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    /** Something that a driver does with a card. */
    @FunctionalInterface
    private interface Use {
        void of(ServedCard card);
    }

    private Set<String> writes(Use use) {
        AtomicReference<RegisterWrites> writes = new AtomicReference<>();
        try (ServedCard card =
                new ServedCard(
                        0,
                        model,
                        folder,
                        "net_echo:0,ip=192.168.220.2",
                        registers -> {
                            writes.set(new RegisterWrites(registers));
                            return writes.get();
                        })) {
            use.of(card);
        }
        return writes.get().names();
    }

    private void useKernel(ServedCard card) {
        GuestMachine machine = new GuestMachine();
        machine.servedCard(card.number(), card.socket());
        try (Guest guest = machine.boot()) {
            guest.check(
                    """
                    modprobe %1$s
                    n=$(ls /sys/bus/pci/devices/%2$s/net)
                    ip link set $n up
                    for i in $(seq 200); do [ "$(cat /sys/class/net/$n/carrier)" = 1 ] && break; sleep .1; done
                    ip addr replace %3$s/24 dev $n
                    ping -c 3 -W 5 %4$s
                    ip link set $n down
                    rmmod %1$s
                    """
                            .formatted(
                                    driver,
                                    GuestMachine.address(card.number()),
                                    card.host(1),
                                    card.host(2)));
        }
    }

    private void useOwn(ServedCard card) {
        PortSpec spec = PortSpec.parse("net_" + driver + ":vfio-user:" + card.socket());
        try (MbufPool pool = MbufPool.create("golden", 4096);
                Port port = Ports.open(spec)) {
            port.configure(PortConfig.of(pool));
            port.start();
            long deadline = System.nanoTime() + 10_000_000_000L;
            while (!port.link().up() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            port.stop();
        }
    }
}
