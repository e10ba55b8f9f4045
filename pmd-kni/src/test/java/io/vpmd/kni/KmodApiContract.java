// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

/** The same over kni.ko; runs in a guest. */
public class KmodApiContract extends KniApiTest {
    @Override
    String backend() {
        return "kni";
    }
}
