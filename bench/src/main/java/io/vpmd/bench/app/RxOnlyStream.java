// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import io.vpmd.spi.RxQueue;

/** Receives and frees. */
final class RxOnlyStream extends ForwardStream {
    RxOnlyStream(RxQueue rx, int burstSize) {
        super(rx, null, burstSize);
    }

    @Override
    protected int run() {
        int n = receive();
        recycler().free(burst(), 0, n);
        return n;
    }
}
