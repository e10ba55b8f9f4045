// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import java.io.Serial;
import java.util.Locale;

/** A control operation that the port's state does not allow. */
public final class PortStateException extends PortException {
    @Serial private static final long serialVersionUID = 1L;

    public PortStateException(String operation, String port, PortState state, String nextStep) {
        super(operation, port, "the port is " + state.name().toLowerCase(Locale.ROOT), nextStep);
    }
}
