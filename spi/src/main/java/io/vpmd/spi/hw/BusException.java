// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import io.vpmd.spi.PortException;

import org.jspecify.annotations.Nullable;

import java.io.Serial;

/** A device that cannot be reached as the operation needs it. */
public class BusException extends PortException {
    @Serial private static final long serialVersionUID = 1L;

    /** The parts as in {@link PortException}; {@code device} stands for the port. */
    public BusException(String operation, String device, String problem, String nextStep) {
        super(operation, device, problem, nextStep);
    }

    public BusException(
            String operation,
            String device,
            String problem,
            String nextStep,
            @Nullable Throwable cause) {
        super(operation, device, problem, nextStep, cause);
    }
}
