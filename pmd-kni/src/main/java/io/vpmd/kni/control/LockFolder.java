// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import io.vpmd.spi.PortException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/**
 * Where lock files are: /run/vpmd for root, $XDG_RUNTIME_DIR/vpmd for others, a folder of the
 * user's own below /tmp where neither can be written (containers, user namespaces).
 */
final class LockFolder {
    private static final Path SYSTEM = Path.of("/run/vpmd");

    private LockFolder() {}

    static Path path() {
        if (usable(SYSTEM, "rwxr-xr-x")) {
            return SYSTEM;
        }
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && usable(Path.of(runtime, "vpmd"), "rwx------")) {
            return Path.of(runtime, "vpmd");
        }
        Path own = Path.of(String.format(Locale.ROOT, "/tmp/vpmd-%d-%s", uid(), userNamespace()));
        if (!usable(own, "rwx------")) {
            throw new PortException(
                    "lock",
                    own.toString(),
                    "it cannot be written or is another user's",
                    "remove it or set XDG_RUNTIME_DIR");
        }
        return own;
    }

    private static boolean usable(Path folder, String permissions) {
        try {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(
                        folder,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString(permissions)));
            }
            Object owner = Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            return owner.equals(uid()) && Files.isWritable(folder);
        } catch (IOException _) {
            return false;
        }
    }

    private static int uid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException _) {
            return -1;
        }
    }

    /** Root of one user namespace is not root of another. */
    private static String userNamespace() {
        try {
            String link = Files.readSymbolicLink(Path.of("/proc/self/ns/user")).toString();
            return link.replaceAll("[^0-9]", "");
        } catch (IOException _) {
            return "0";
        }
    }
}
