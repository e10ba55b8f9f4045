// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe.model;

import io.vpmd.spi.hw.model.SfpMemory;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be plugged into the cage of an 82599: the values of {@code module=}. */
public enum IxgbeModelModule {
    /** Nothing. */
    NONE,
    /** 10GBASE-SR that is 1000BASE-SX too. */
    SR,
    /** 1000BASE-SX. */
    SX;

    /** The module with this name in any case. */
    public static Optional<IxgbeModelModule> named(String name) {
        return Arrays.stream(values()).filter(m -> m.toString().equalsIgnoreCase(name)).findFirst();
    }

    /** All names, for messages and options. */
    public static String names() {
        return String.join("|", Arrays.stream(values()).map(Object::toString).toList());
    }

    /** Whether it works at 10 Gbit/s; all do at 1 Gbit/s. */
    boolean tenGigabit() {
        return this == SR;
    }

    /** What is to be read over I2C, null for nothing. */
    @Nullable SfpMemory memory() {
        return switch (this) {
            case NONE -> null;
            case SR -> SfpMemory.shortRange();
            case SX -> SfpMemory.shortWave();
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
