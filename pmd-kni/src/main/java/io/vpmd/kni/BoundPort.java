// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortState;
import io.vpmd.spi.feature.KernelHandlers;
import io.vpmd.spi.feature.VlanFilter;

import java.util.Set;

/**
 * Applies the kernel's requests to another port. What that port refuses is refused: the exception
 * says why and is logged.
 */
record BoundPort(Port port) implements KernelHandlers {
    @Override
    public boolean configNetworkIf(boolean up) {
        if (up) {
            port.start();
        } else if (port.state() == PortState.STARTED) {
            port.stop();
        }
        return true;
    }

    @Override
    public boolean changeMtu(int mtu) {
        port.setMtu(mtu);
        return true;
    }

    @Override
    public boolean configMacAddress(MacAddress mac) {
        port.setMac(mac);
        return true;
    }

    @Override
    public void configPromiscuity(boolean on) {
        port.setPromiscuous(on);
    }

    @Override
    public void configAllmulticast(boolean on) {
        port.setAllmulticast(on);
    }

    /** For a port that filters by them. */
    @Override
    public boolean configVlanIds(Set<Integer> ids) {
        port.feature(VlanFilter.class).ifPresent(filter -> filter.setVlans(ids));
        return true;
    }
}
