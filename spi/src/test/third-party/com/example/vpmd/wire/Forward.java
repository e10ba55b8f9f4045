// SPDX-License-Identifier: Apache-2.0
package com.example.vpmd.wire;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxQueue;
import io.vpmd.spi.TxQueue;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.function.BooleanSupplier;

/** Sends on one port what another one receives. */
final class Forward {
    private Forward() {}

    // @start region="forward"
    static void forward(String from, String to, BooleanSupplier running) {
        try (MbufPool pool = MbufPool.create("forward", 8192);
                Port in = Ports.open(from); // for example net_kni:vEth0
                Port out = Ports.open(to)) {
            in.configure(PortConfig.of(pool));
            out.configure(PortConfig.of(pool));
            in.start();
            out.start();
            RxQueue rx = in.rxQueue(0);
            TxQueue tx = out.txQueue(0);
            Mbuf[] burst = new Mbuf[32];
            while (running.getAsBoolean()) {
                int n = rx.rxBurst(burst, 0, burst.length);
                for (int sent = 0; sent < n; ) {
                    sent += tx.txBurst(burst, sent, n - sent);
                }
                tx.reclaim();
            }
        }
    }
    // @end
}
