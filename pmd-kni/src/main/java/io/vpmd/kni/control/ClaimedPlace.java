// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import io.vpmd.kni.netlink.LinkState;
import io.vpmd.kni.netlink.NetNamespace;
import io.vpmd.kni.netlink.Rtnetlink;
import io.vpmd.kni.netlink.Whereabouts;
import io.vpmd.spi.PortException;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * Where an interface is that this process has no descriptor of: at first where the user says, after
 * a move where the owner of its packets says in the lock file.
 */
public final class ClaimedPlace implements Whereabouts {
    private static final int TRIES = 50;
    private static final long RETRY_MILLIS = 10;

    private final String name;
    private @Nullable NetNamespace first;
    private LockFile.@Nullable Entry entry;

    /**
     * An interface by name.
     *
     * @param namespace where it is now; closed by whoever follows this
     */
    public ClaimedPlace(NetNamespace namespace, String name) {
        this.first = namespace;
        this.name = name;
    }

    @Override
    public @Nullable Place find() {
        NetNamespace begin = first;
        if (begin != null) {
            first = null;
            try {
                entry = entryOf(begin);
            } catch (RuntimeException e) {
                begin.close();
                throw e;
            }
            return new Place(begin, name);
        }
        return follow();
    }

    private LockFile.@Nullable Entry entryOf(NetNamespace namespace) {
        try (Rtnetlink kernel = Rtnetlink.open(namespace)) {
            Optional<LinkState> link = kernel.find(name);
            return link.map(
                            l ->
                                    LockFile.read(
                                            Claim.Role.PACKETS.fileName(
                                                    namespace.inode(), l.ifindex())))
                    .orElse(null);
        }
    }

    /** The owner sees the move at the same time as we do, so its word may come a little later. */
    private @Nullable Place follow() {
        LockFile.Entry old = entry;
        if (old == null) {
            return null;
        }
        for (int i = 0; i < TRIES; i++) {
            LockFile.Entry now = LockFile.find(old.pid(), old.port());
            if (now != null && !now.place().isEmpty()) {
                // The same file as before: not said yet, or it is back already.
                if (!now.fileName().equals(old.fileName()) || i == TRIES - 1) {
                    entry = now;
                    return place(now);
                }
            }
            LockFile.pause(RETRY_MILLIS);
        }
        return null;
    }

    private static @Nullable Place place(LockFile.Entry entry) {
        try {
            NetNamespace namespace = NetNamespace.of(entry.place());
            try (Rtnetlink kernel = Rtnetlink.open(namespace)) {
                return new Place(namespace, kernel.link(entry.ifindex()).name());
            } catch (RuntimeException e) {
                namespace.close();
                throw e;
            }
        } catch (PortException _) {
            // Moved on, or the owner ended.
            return null;
        }
    }
}
