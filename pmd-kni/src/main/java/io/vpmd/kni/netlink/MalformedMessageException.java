// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import java.io.Serial;

/** Bytes from a netlink socket that are no well-formed message. */
public final class MalformedMessageException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    MalformedMessageException(String problem) {
        super(problem);
    }
}
