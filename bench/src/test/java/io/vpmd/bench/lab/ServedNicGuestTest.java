// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.igb.model.IgbModelChip;

import java.util.stream.Stream;

/** The kernel's own igb drives each of our models over vfio-user (T2). */
class ServedNicGuestTest extends ServedNics {
    ServedNicGuestTest() {
        super("igb", 1_000, 0);
    }

    @Override
    Stream<String> models() {
        return Stream.of(IgbModelChip.names().split("\\|", -1));
    }
}
