// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import io.vpmd.spi.PortException;

import java.io.Serial;

/** A network namespace that is not there or that this process may not enter. */
public final class NetNamespaceException extends PortException {
    @Serial private static final long serialVersionUID = 1L;

    NetNamespaceException(String operation, String namespace, String problem, String nextStep) {
        super(operation, "netns=" + namespace, problem, nextStep);
    }
}
