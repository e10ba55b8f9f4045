// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortEvent;
import io.vpmd.spi.PortException;
import io.vpmd.spi.Ports;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Interfaces of kni.ko that are listed, deleted and taken over; runs in a guest that has it. */
public class KmodLifeContract extends NamespaceTest {
    @Test
    void interfacesAreFoundByNameNumberAndId() {
        OptionalInt pid = OptionalInt.of((int) ProcessHandle.current().pid());
        try (Port port =
                Ports.open(
                        "net_kni:vEth7,backend=kni,queues=2,pci=0000:01:00.0,core=1,force_bind=on")) {
            KniInterface one = Kni.interfaceNamed("vEth7").orElseThrow();
            assertEquals(List.of(one), Kni.interfaces());
            assertEquals(Optional.of(one), Kni.interfaceNumbered(one.ifindex()));
            assertEquals(Optional.of(one), Kni.interfaceIdentified(one.id()));
            assertEquals(pid, one.owner());
            assertEquals(OptionalInt.empty(), one.handler());
            assertEquals(2, one.queues());
            assertEquals("0000:01:00.0", one.pci());
            assertEquals(OptionalInt.of(1), one.boundCore());
            assertEquals("lo_mode_none", one.loMode());
            assertFalse(one.up() || one.persistent() || one.synchronous());
            assertTrue(port.mtu() > 0);
        }
        assertEquals(List.of(), Kni.interfaces());
        assertEquals(Optional.empty(), Kni.interfaceNamed("vEth7"));
    }

    @Test
    void autoIsTheModuleForWhatOnlyItCanDo() {
        try (Port _ = openPort("")) {
            assertEquals(List.of(), Kni.interfaces());
        }
        try (Port _ = openPort(",pci=0000:01:00.0")) {
            assertEquals("0000:01:00.0", Kni.interfaces().getFirst().pci());
        }
    }

    @Test
    void theNextOwnerTakesOverWhatIsThere() {
        try (Port port = openPort(",backend=kni,persist=on")) {
            namespace().ip("addr", "add", "10.1.2.3/24", "dev", IF);
            namespace().ip("link", "set", IF, "up", "mtu", "1400");
            assertThrows(PortException.class, () -> openPort(",backend=kni"));
            assertTrue(port.mtu() > 0);
        }
        KniInterface left = Kni.interfaces().getFirst();
        assertEquals(OptionalInt.empty(), left.owner());
        assertTrue(left.persistent() && left.up() && !left.carrier(), left.toString());
        assertThrows(PortException.class, () -> openPort(",backend=kni,queues=2"));
        // auto finds that it is kni.ko's.
        try (Port port = openPort(",persist=on")) {
            assertEquals(1400, port.mtu());
            assertEquals(left.id(), Kni.interfaces().getFirst().id());
            assertTrue(namespace().ip("addr", "show", IF).contains("10.1.2.3/24"));
        }
        openPort(",backend=kni").close();
        assertFalse(namespace().ip("link").contains(IF), "persist=off removes it");
    }

    @Test
    void aPortWhoseInterfaceIsDeletedIsGone() throws Exception {
        try (Port port = openPort(",backend=kni,persist=on")) {
            CountDownLatch removed = new CountDownLatch(1);
            port.addListener(
                    (p, event) -> {
                        if (event instanceof PortEvent.Removed) {
                            removed.countDown();
                        }
                    });
            namespace().ip("link", "del", IF);
            assertTrue(removed.await(10, TimeUnit.SECONDS), "not told");
        }
        assertEquals(List.of(), Kni.interfaces());
    }
}
