// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

/** The same over kni.ko, which takes what is sent a little later and is deleted by nobody else. */
final class KmodFixture extends TapFixture {
    private static final long SETTLE_MILLIS = 500;

    KmodFixture(int number, String options) {
        super(number, ",backend=kni" + options);
    }

    @Override
    public long settleMillis() {
        return SETTLE_MILLIS;
    }

    @Override
    public boolean removeDevice() {
        return false;
    }
}
