// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.Link;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.KernelHandlers;
import io.vpmd.spi.feature.KernelRequests;
import io.vpmd.spi.feature.LinkControl;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/** What a port offers beyond {@link Port}. */
interface FeatureContract extends Rigged {
    private <F> F feature(Class<F> type) {
        Optional<F> feature = rig().port().feature(type);
        rig().need(feature.isPresent(), type.getSimpleName());
        return feature.orElseThrow();
    }

    @Test
    default void onlyFeatureInterfacesAreFeatures() {
        Port port = rig().port();
        assertEquals(Optional.empty(), port.feature(Port.class));
        assertEquals(Optional.empty(), port.feature(AutoCloseable.class));
    }

    @Test
    default void linkControlIsShownByLink() {
        LinkControl control = feature(LinkControl.class);
        Port port = rig().started();
        control.updateLink(Link.DOWN);
        assertFalse(port.link().up(), "after updateLink(DOWN)");
        assertFalse(control.updateLink(Link.up(1_000)), "it was down before");
        assertTrue(port.link().up(), "after updateLink(up)");
        assertEquals(1_000, port.link().speedMbps(), "speed");
        assertTrue(control.updateLink(Link.DOWN), "it was up before");
        control.updateLink(Link.up(1_000));
        if (rig().fixture().collects()) {
            List<byte[]> frames = rig().frames(0, 20);
            Rig.assertFrames(frames, rig().send(frames, 8));
        }
        port.close();
        assertThrows(PortException.class, () -> control.updateLink(Link.DOWN), "closed");
    }

    @Test
    default void kernelHandlersHaveOneOwner() {
        KernelRequests requests = feature(KernelRequests.class);
        rig().started();
        assertFalse(requests.interfaceName().isEmpty(), "interfaceName()");
        assertTrue(requests.interfaceIndex() > 0, "interfaceIndex()");
        requests.unregisterHandlers();
        KernelHandlers handlers = new KernelHandlers() {};
        requests.registerHandlers(handlers);
        PortException e =
                assertThrows(
                        PortException.class,
                        () -> requests.registerHandlers(new KernelHandlers() {}));
        assertTrue(e.getMessage().contains(rig().port().name()), e::getMessage);
        requests.unregisterHandlers();
        requests.unregisterHandlers();
        requests.registerHandlers(handlers);
        assertTrue(requests.handleRequests() >= 0);
        requests.unregisterHandlers();
    }
}
