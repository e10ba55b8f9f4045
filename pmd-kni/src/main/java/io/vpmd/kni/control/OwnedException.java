// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import io.vpmd.spi.PortException;

import java.io.Serial;

/** Somebody else owns an interface or its handlers. */
public final class OwnedException extends PortException {
    @Serial private static final long serialVersionUID = 1L;

    private final long pid;

    OwnedException(String operation, String port, String problem, long pid) {
        super(operation, port, problem, "stop that process first");
        this.pid = pid;
    }

    /** Process id of the owner, 0 if unknown. */
    public long pid() {
        return pid;
    }
}
