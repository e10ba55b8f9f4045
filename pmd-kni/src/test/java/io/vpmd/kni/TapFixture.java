// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.contract.CableFixture;
import io.vpmd.contract.WireFrame;
import io.vpmd.kni.netlink.LinkState;
import io.vpmd.kni.netlink.NetNamespace;
import io.vpmd.kni.netlink.Rtnetlink;
import io.vpmd.spi.Link;
import io.vpmd.spi.Port;
import io.vpmd.spi.feature.LinkControl;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A net_kni port in a network namespace of its own, with a raw socket on the kernel's side. */
class TapFixture extends CableFixture {
    private final String name;

    private final TestNamespace namespace = TestNamespace.create();
    private final String options;
    private Port port;
    private PacketSocket socket;
    private int speedMbps;

    /** Skips the test where TAP interfaces and namespaces cannot be made. */
    TapFixture(int number, String options) {
        this.name = "vEth" + number;
        this.options = options;
        // No router solicitations and the like: every frame is counted.
        inNamespace("sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6");
    }

    final String name() {
        return name;
    }

    /** Runs a command beside the interface. */
    final void inNamespace(String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace.name()));
        all.addAll(List.of(command));
        TestNamespace.run(all.toArray(String[]::new));
    }

    @Override
    public String spec() {
        return "net_kni:" + name + ",netns=" + namespace.name() + options;
    }

    @Override
    public void connect(Port started, MbufPool pool) {
        port = started;
        namespace.ip("link", "set", name, "up");
        closeSocket();
        int ifindex = state().ifindex();
        try (NetNamespace inside = NetNamespace.of(namespace.name())) {
            socket = inside.call(() -> new PacketSocket(ifindex));
        }
    }

    private LinkState state() {
        try (NetNamespace inside = NetNamespace.of(namespace.name());
                Rtnetlink kernel = Rtnetlink.open(inside)) {
            return kernel.link(name);
        }
    }

    @Override
    public boolean slow() {
        return true;
    }

    @Override
    public void inject(byte[] frame) {
        socket.send(frame);
    }

    @Override
    public Optional<WireFrame> collect() {
        return socket.receive();
    }

    @Override
    public OptionalInt deviceMtu() {
        return OptionalInt.of(state().mtu());
    }

    @Override
    public Optional<String> deviceMac() {
        return Optional.of(state().mac().toString());
    }

    @Override
    public boolean causeEvent() {
        LinkControl control = port.feature(LinkControl.class).orElseThrow();
        control.updateLink(Link.up(++speedMbps));
        return true;
    }

    @Override
    public boolean removeDevice() {
        namespace.ip("link", "del", name);
        return true;
    }

    private void closeSocket() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    @Override
    public void close() {
        closeSocket();
        namespace.close();
    }
}
