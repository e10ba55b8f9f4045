// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.Port;
import io.vpmd.spi.feature.KernelHandlers;
import io.vpmd.spi.feature.VlanFilter;

import java.util.Set;
import java.util.function.Consumer;

/** Applies what is done to a vEth interface to the port behind it. */
final class PhysicalPortHandlers implements KernelHandlers {
    private final Port port;
    private final Consumer<String> log;

    PhysicalPortHandlers(Port port, Consumer<String> log) {
        this.port = port;
        this.log = log;
    }

    @Override
    public boolean configNetworkIf(boolean up) {
        log.accept(
                "Configure network interface of port " + port.name() + ": " + (up ? "up" : "down"));
        if (up) {
            port.start();
        } else {
            port.stop();
        }
        return true;
    }

    @Override
    public boolean changeMtu(int mtu) {
        log.accept("Change MTU of port " + port.name() + " to " + mtu);
        port.setMtu(mtu);
        return true;
    }

    @Override
    public boolean configMacAddress(MacAddress mac) {
        log.accept("Configure MAC address of port " + port.name() + ": " + mac);
        port.setMac(mac);
        return true;
    }

    @Override
    public void configPromiscuity(boolean on) {
        log.accept("Configure promiscuous mode of port " + port.name() + ": " + word(on));
        port.setPromiscuous(on);
    }

    @Override
    public void configAllmulticast(boolean on) {
        log.accept("Configure allmulticast mode of port " + port.name() + ": " + word(on));
        port.setAllmulticast(on);
    }

    @Override
    public boolean configVlanIds(Set<Integer> ids) {
        log.accept("Configure VLAN ids of port " + port.name() + ": " + ids);
        port.feature(VlanFilter.class).ifPresent(filter -> filter.setVlans(ids));
        return true;
    }

    private static String word(boolean on) {
        return on ? "on" : "off";
    }
}
