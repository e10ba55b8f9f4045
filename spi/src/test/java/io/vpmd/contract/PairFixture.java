// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.Ports;
import io.vpmd.spi.mbuf.MbufPool;

/** The other side of a port is a second port. */
final class PairFixture extends LoopbackFixture {
    private final MbufPool peerPool;
    private final Port peer;

    PairFixture(String spec, String peerSpec) {
        super(spec);
        peerPool = MbufPool.create("peer", 1024);
        peer = Ports.open(PortSpec.parse(peerSpec));
        peer.configure(PortConfig.of(peerPool).withRings(256, 256));
        peer.start();
    }

    @Override
    public void connect(Port port, MbufPool sendPool) {
        far(peer, peerPool);
    }

    @Override
    public void close() {
        peer.close();
        peerPool.close();
    }
}
