// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Port;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.mbuf.Mbuf;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Misuse that only {@code -Dvpmd.debug=true} catches. */
interface DebugContract extends Rigged {
    @Test
    @Tag("debug")
    default void aSentPacketIsNoLongerTheCallers() {
        Port port = rig().started();
        int held = rig().pool().taken();
        Mbuf m = rig().packet(rig().frame(1, 100));
        assertEquals(1, port.txQueue(0).txBurst(new Mbuf[] {m}, 0, 1));
        if (rig().fixture().collects()) {
            rig().collect(1, new java.util.ArrayList<>());
        } else {
            port.stop();
            held = 0;
        }
        assertEquals(held, rig().pool().taken(), "the port has freed it");
        String read = assertThrows(IllegalStateException.class, () -> m.u8At(0)).getMessage();
        assertTrue(read.contains("use after free"), read);
        String free = assertThrows(IllegalStateException.class, m::free).getMessage();
        assertTrue(free.contains("double free"), free);
    }

    @Test
    @Tag("debug")
    default void aFreedPacketCannotBeSent() {
        Port port = rig().started();
        Mbuf m = rig().packet(rig().frame(1, 100));
        m.free();
        assertThrows(
                IllegalStateException.class,
                () -> {
                    port.txQueue(0).txBurst(new Mbuf[] {m}, 0, 1);
                    if (rig().fixture().collects()) {
                        rig().collect(1, new java.util.ArrayList<>());
                    }
                    port.stop();
                });
    }

    /** Two threads in one receive queue: sooner or later one of them is told. */
    @Test
    @Tag("debug")
    default void twoThreadsInOneQueueAreCaught() {
        RxQueue rx = rig().started().rxQueue(0);
        AtomicReference<IllegalStateException> caught = new AtomicReference<>();
        Deadline deadline = Deadline.in(10_000);
        try (Crew crew = new Crew()) {
            for (String name : List.of("one", "two")) {
                Mbuf[] into = new Mbuf[32];
                crew.repeat(
                        name,
                        () -> {
                            try {
                                int n = rx.rxBurst(into, 0, 32);
                                for (int i = 0; i < n; i++) {
                                    into[i].free();
                                }
                            } catch (IllegalStateException e) {
                                caught.set(e);
                            }
                        });
            }
            while (caught.get() == null) {
                crew.check();
                deadline.check("two threads burst in one queue for 10 s and nobody noticed");
            }
            crew.stop();
        }
        assertTrue(caught.get().getMessage().contains("two threads"), caught.get()::getMessage);
    }

    /** All cases of the contract hold in debug mode as well; this one is their sample. */
    @Test
    @Tag("debug")
    default void packetsPassInDebugMode() {
        rig().needCollect();
        rig().started();
        List<byte[]> frames = rig().frames(0, 500);
        Rig.assertFrames(frames, rig().send(frames, 32));
        if (rig().fixture().injects()) {
            Rig.assertFrames(frames, rig().receive(frames, 32));
        }
    }
}
