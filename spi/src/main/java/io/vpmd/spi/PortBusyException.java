// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import java.io.Serial;

/** A thread did not leave a burst in time; nothing was stopped, freed or unmapped. */
public final class PortBusyException extends PortException {
    @Serial private static final long serialVersionUID = 1L;

    public PortBusyException(String operation, String port, String queue, long waitedMillis) {
        super(
                operation,
                port,
                "a thread is still inside a burst on " + queue + " after " + waitedMillis + " ms",
                "let that thread finish and repeat the operation");
    }
}
