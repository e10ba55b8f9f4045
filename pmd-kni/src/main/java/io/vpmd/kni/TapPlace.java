// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.kni.netlink.NetNamespace;
import io.vpmd.kni.netlink.Whereabouts;
import io.vpmd.kni.tap.TapDevice;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.ErrnoException;

import org.jspecify.annotations.Nullable;

/** Asks a tap's descriptor where the interface is: it knows, whatever became of name and number. */
record TapPlace(TapDevice device) implements Whereabouts {
    @Override
    public @Nullable Place find() {
        try {
            return Place.of(namespace(), device::name);
        } catch (ErrnoException e) {
            if (e.errno() == Errno.EBADFD || e.errno() == Errno.EBADF) {
                return null;
            }
            throw e;
        }
    }

    /** The namespace where the interface is; the caller closes it. */
    NetNamespace namespace() {
        try {
            return NetNamespace.ofDescriptor(device.openNamespace());
        } catch (ErrnoException e) {
            // The owner of a persistent tap may serve it without the privilege to ask for this, but
            // then it cannot have opened it in another namespace than its own.
            if (e.errno() == Errno.EPERM) {
                return NetNamespace.current();
            }
            throw e;
        }
    }
}
