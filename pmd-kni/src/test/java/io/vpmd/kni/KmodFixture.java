// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.spi.Port;
import io.vpmd.spi.mbuf.MbufPool;

/**
 * The same over kni.ko, which takes what is sent a little later. The kernel does not join segments
 * here, which would change the order of frames of several flows.
 */
final class KmodFixture extends TapFixture {
    private static final long SETTLE_MILLIS = 500;

    KmodFixture(int number, String options) {
        super(number, ",backend=kni" + options);
    }

    @Override
    public void connect(Port started, MbufPool pool) {
        inNamespace("ethtool", "-K", name(), "gro", "off");
        super.connect(started, pool);
    }

    @Override
    public long settleMillis() {
        return SETTLE_MILLIS;
    }
}
