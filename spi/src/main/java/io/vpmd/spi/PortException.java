// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import org.jspecify.annotations.Nullable;

import java.io.Serial;

/**
 * A control operation on a port that failed. The message has the operation, the port, what is wrong
 * (with the errno's name where the kernel said it) and what to do next.
 */
public class PortException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final String operation;
    private final String port;

    /**
     * A failed operation.
     *
     * @param operation for example {@code "start"}
     * @param port name of the port
     * @param problem what is wrong, without a full stop
     * @param nextStep what the user can do about it, without a full stop
     */
    public PortException(String operation, String port, String problem, String nextStep) {
        this(operation, port, problem, nextStep, null);
    }

    public PortException(
            String operation,
            String port,
            String problem,
            String nextStep,
            @Nullable Throwable cause) {
        super(operation + " " + port + ": " + problem + "; " + nextStep, cause);
        this.operation = operation;
        this.port = port;
    }

    public String operation() {
        return operation;
    }

    public String port() {
        return port;
    }
}
