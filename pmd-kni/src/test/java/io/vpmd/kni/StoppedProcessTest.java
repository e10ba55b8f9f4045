// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Two processes and one interface: neither a stopped one nor a moved interface is a problem. */
final class StoppedProcessTest {
    private static final String IF = "vEth0";

    @Test
    void aStoppedApplicationDelaysNobody() {
        try (TestNamespace namespace = TestNamespace.create();
                ChildJvm child = ChildJvm.start(ControlChild.class, "port", IF, namespace.name())) {
            child.await("ready");
            child.say("register");
            child.await("done register");
            double running = medianMillis(namespace);
            child.await("up true");
            child.signal("STOP");
            double stopped = medianMillis(namespace);
            namespace.ip("link", "set", IF, "down", "mtu", "1234");
            assertFalse(child.said("mtu 1234"));
            // KNI made ip wait for 3 s here.
            assertTrue(
                    stopped < running + 100,
                    () -> "ip took " + stopped + " ms instead of " + running);
            child.signal("CONT");
            child.await("mtu 1234");
        }
    }

    private static double medianMillis(TestNamespace namespace) {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            long start = System.nanoTime();
            namespace.ip("link", "set", IF, "mtu", i % 2 == 0 ? "1400" : "1450", "up");
            millis.add((System.nanoTime() - start) / 1e6);
        }
        Collections.sort(millis);
        return millis.get(millis.size() / 2);
    }

    @Test
    void aHandlersOwnerFollowsTheInterfaceToo() {
        RecordedHandlers handlers = new RecordedHandlers();
        try (TestNamespace one = TestNamespace.create();
                TestNamespace two = TestNamespace.create();
                ChildJvm child = ChildJvm.start(ControlChild.class, "port", IF, one.name())) {
            child.await("ready");
            two.ip("link", "add", "x1", "type", "bridge");
            try (KniControl control = Kni.control(IF, one.name())) {
                control.registerHandlers(handlers);
                one.ip("link", "set", IF, "mtu", "1400");
                handlers.await(c -> c.text().equals("mtu 1400"));
                one.ip("link", "set", IF, "netns", two.name());
                two.ip("link", "set", IF, "mtu", "1300");
                handlers.await(c -> c.text().equals("mtu 1300"));
                assertFalse(control.gone());
                assertEquals(IF, control.interfaceName());
                child.signal("KILL");
                awaitGone(control);
            }
        }
    }

    private static void awaitGone(KniControl control) {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (!control.gone()) {
            assertTrue(System.nanoTime() < deadline, "the end of the interface was not seen");
            Thread.onSpinWait();
        }
    }
}
