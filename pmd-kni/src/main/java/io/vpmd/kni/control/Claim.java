// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Locale;

/**
 * The right to be the only one who moves an interface's packets, or who handles its requests. It is
 * a locked file that names the owner; the lock ends with the process, and a file without lock means
 * nothing. Interfaces are told by namespace and number, so a rename changes nothing.
 */
public final class Claim implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Claim.class.getName());

    /** What is claimed. */
    public enum Role {
        PACKETS("open"),
        HANDLERS("registerHandlers");

        private final String operation;

        Role(String operation) {
            this.operation = operation;
        }

        String fileName(long namespaceInode, int ifindex) {
            return namespaceInode + "-" + ifindex + "." + name().toLowerCase(Locale.ROOT);
        }
    }

    private final Role role;
    private final String name;
    private LockFile file;

    private Claim(Role role, String name, LockFile file) {
        this.role = role;
        this.name = name;
        this.file = file;
    }

    /**
     * Claims an interface.
     *
     * @param name of the port, for messages
     * @throws OwnedException when somebody has it; it names the owner's process
     */
    public static Claim take(Role role, String name, long namespaceInode, int ifindex) {
        String fileName = role.fileName(namespaceInode, ifindex);
        LockFile.Attempt attempt = LockFile.take(fileName);
        LockFile file = attempt.file();
        if (file == null) {
            throw new OwnedException(
                    role.operation, name, problem(role, attempt.ownerPid()), attempt.ownerPid());
        }
        file.write(name, "");
        return new Claim(role, name, file);
    }

    private static String problem(Role role, long pid) {
        String owner = pid > 0 ? "process " + pid : "another process";
        if (pid == ProcessHandle.current().pid()) {
            owner = "this process (" + pid + ")";
        }
        return role == Role.PACKETS
                ? owner + " serves this interface"
                : owner + " has registered handlers for this interface";
    }

    /** Tells others where the interface is, as a path that they can open. */
    public void publish(String namespacePath) {
        file.write(name, namespacePath);
    }

    /** The interface has another number or namespace now. Where it is claimed, the old stays. */
    public void follow(long namespaceInode, int ifindex) {
        String fileName = role.fileName(namespaceInode, ifindex);
        if (file.name().equals(fileName)) {
            return;
        }
        LockFile.Attempt attempt = LockFile.take(fileName);
        LockFile next = attempt.file();
        if (next == null) {
            LOG.log(Level.WARNING, name + ": " + problem(role, attempt.ownerPid()));
            return;
        }
        next.write(name, "");
        file.close();
        file = next;
    }

    @Override
    public void close() {
        file.close();
    }
}
