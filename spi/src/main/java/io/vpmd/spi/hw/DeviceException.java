// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import io.vpmd.spi.PortException;

import java.io.Serial;

/** A device that did not do in time what its data sheet promises, or is gone. */
public final class DeviceException extends PortException {
    @Serial private static final long serialVersionUID = 1L;

    public DeviceException(String operation, String port, String problem, String nextStep) {
        super(operation, port, problem, nextStep);
    }
}
