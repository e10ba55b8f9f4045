// SPDX-License-Identifier: Apache-2.0
package com.example.vpmd.wire;

import io.vpmd.spi.AbstractPort;
import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortDriver;
import io.vpmd.spi.PortInfo;
import io.vpmd.spi.PortOption;
import io.vpmd.spi.PortSpec;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.port.FrameCheck;
import io.vpmd.spi.port.MbufRing;
import io.vpmd.spi.sys.EventFd;

import java.util.List;
import java.util.Objects;

/** {@code example_wire:NAME}: a cable whose two ends are in the same port. */
public final class WireDriver implements PortDriver {
    @Override
    public String name() {
        return "example_wire";
    }

    @Override
    public String description() {
        return "Receives what it sends";
    }

    @Override
    public List<PortOption> options() {
        return List.of(new PortOption("mac", "MAC", "random", "own address"));
    }

    @Override
    public AbstractPort open(PortSpec spec) {
        return new WirePort(spec, spec.macOption("mac").orElseGet(MacAddress::random));
    }

    // @start region="port"
    /** The port: what it can do, its queues, and what is to be done when it stops. */
    static final class WirePort extends AbstractPort {
        private final PortInfo info;
        private final EventFd arrival = new EventFd();
        private final MbufRing cable = new MbufRing(256, arrival);
        private FrameCheck check; // what can be sent, from configure on

        WirePort(PortSpec spec, MacAddress mac) {
            super(spec, mac, PortInfo.DEFAULT_MTU);
            info =
                    PortInfo.of(spec.driver(), spec.device(), 9000)
                            .withBehaviour(/* copies */ false, /* signals */ true, /* loop */ true);
        }

        @Override
        public PortInfo info() {
            return info;
        }

        @Override
        protected RxQueue newRxQueue(int index, PortConfig config) {
            return new WireRxQueue(index);
        }

        @Override
        protected TxQueue newTxQueue(int index, PortConfig config) {
            check = new FrameCheck(config, mtu());
            return new WireTxQueue(index);
        }

        @Override
        protected void onMtu(int bytes) {
            if (check != null) {
                check.setMtu(bytes);
            }
        }

        @Override
        protected void onStop() {
            cable.drain(); // frees what nobody received
        }

        @Override
        protected void onClose() {
            arrival.close();
        }

        @Override
        protected int heldBuffers(MbufPool pool) {
            return cable.held(pool);
        }

        // @end
        // @start region="receive"
        /** Hands out what is in the cable: their buffers are the caller's from then on. */
        final class WireRxQueue extends RxQueue {
            WireRxQueue(int index) {
                super(index);
            }

            @Override
            public int rxBurst(Mbuf[] into, int at, int max) {
                Objects.checkFromIndexSize(at, max, into.length);
                if (!enter()) {
                    return 0; // not started
                }
                try {
                    int n = cable.take(into, at, max);
                    long bytes = 0;
                    for (int i = at; i < at + n; i++) {
                        into[i].received(into[i].dataOffset(), into[i].dataLength(), id());
                        bytes += into[i].packetLength();
                    }
                    countReceived(n, bytes);
                    return n;
                } finally {
                    leave();
                }
            }

            @Override
            public boolean arm() {
                if (!enter()) {
                    return true;
                }
                try {
                    return cable.arm();
                } finally {
                    leave();
                }
            }

            @Override
            public int eventFd() {
                return arrival.fd();
            }
        }

        // @end
        // @start region="transmit"
        /** Puts packets into the cable; a short return says that it is full. */
        final class WireTxQueue extends TxQueue {
            WireTxQueue(int index) {
                super(index);
            }

            @Override
            public int txBurst(Mbuf[] from, int at, int count) {
                checkBurst(from, at, count);
                if (!enter()) {
                    return discard(from, at, count); // not started
                }
                try {
                    int room = cable.room(count);
                    int sent = 0;
                    long bytes = 0;
                    for (int i = at; i < at + room; i++) {
                        if (check.wellFormed(from[i])) {
                            bytes += from[i].packetLength();
                            cable.set(sent++, from[i]);
                        } else {
                            from[i].free();
                        }
                    }
                    cable.publish(sent);
                    countSent(sent, bytes);
                    countErrors(room - sent);
                    return room;
                } finally {
                    leave();
                }
            }
        }
        // @end
    }
}
