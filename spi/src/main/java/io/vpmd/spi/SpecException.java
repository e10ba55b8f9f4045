// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import java.io.Serial;

/** A port spec that cannot be understood; the message says what would be. */
public final class SpecException extends IllegalArgumentException {
    @Serial private static final long serialVersionUID = 1L;

    public SpecException(String spec, String problem) {
        super("port spec \"" + spec + "\": " + problem);
    }
}
