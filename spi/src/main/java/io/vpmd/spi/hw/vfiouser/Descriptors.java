// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import io.vpmd.spi.sys.Libc;

import java.util.ArrayList;
import java.util.List;

/** The descriptors that came with a message: who takes one owns it, the rest is closed. */
final class Descriptors {
    private final List<Integer> fds = new ArrayList<>();

    int count() {
        return fds.size();
    }

    /** Where a socket adds them. */
    List<Integer> list() {
        return fds;
    }

    /** Takes the first that is left; there must be one. */
    int take() {
        return fds.removeFirst();
    }

    /** Closes what is left. */
    void closeAll() {
        fds.forEach(Libc::close);
        fds.clear();
    }
}
