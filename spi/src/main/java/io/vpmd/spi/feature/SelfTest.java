// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

import java.util.List;

/** Tests that a device does on itself. */
public interface SelfTest {
    /** How a test ended. */
    enum Outcome {
        PASSED,
        FAILED,
        /** Not done; the detail says why. */
        SKIPPED
    }

    /**
     * One test.
     *
     * @param name register, eeprom, interrupt, loopback or link
     * @param detail what was found, empty when all is well
     */
    record Result(String name, Outcome outcome, String detail) {}

    /**
     * Runs the tests, in a few seconds.
     *
     * @param offline with those that interrupt the traffic: the port is stopped internally, reset,
     *     and goes on with all its settings
     * @throws io.vpmd.spi.PortException when they cannot be run at all
     */
    List<Result> selfTest(boolean offline);
}
