// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.Libc;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A file with an open file description lock (fcntl(2), F_OFD_SETLK). Unlike a process's lock, that
 * one also holds against the same process and survives that some other code of it closes the file;
 * the kernel drops it when the process ends in any way. It does not tell who has it, so the file
 * says that: process id, port and where the interface is, a line each.
 */
final class LockFile implements AutoCloseable {
    private static final int F_OFD_SETLK = 37;
    private static final short F_WRLCK = 1;
    private static final int FLOCK_SIZE = 32;
    private static final int MODE = 0644;
    private static final int TRIES = 20;
    private static final long RETRY_MILLIS = 10;

    private final Path path;
    private int fd;

    private LockFile(Path path, int fd) {
        this.path = path;
        this.fd = fd;
    }

    /**
     * The outcome of {@link #take}.
     *
     * @param file null when somebody has it
     * @param ownerPid who, 0 if unknown
     */
    record Attempt(@Nullable LockFile file, long ownerPid) {}

    /** Tries to take the file of this name; removes those of owners that are gone. */
    static Attempt take(String name) {
        Path folder = LockFolder.path();
        sweep(folder);
        Path path = folder.resolve(name);
        long owner = 0;
        for (int i = 0; i < TRIES; i++) {
            LockFile file = tryLock(path, Libc.O_CREAT);
            if (file != null) {
                return new Attempt(file, 0);
            }
            // An owner writes its number after it has the lock; one that sweeps has none.
            owner = owner(path);
            if (owner != 0 && Files.exists(Path.of("/proc/" + owner))) {
                return new Attempt(null, owner);
            }
            pause(RETRY_MILLIS);
        }
        return new Attempt(null, owner);
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable LockFile tryLock(Path path, int flags) {
        int fd = Libc.open(path.toString(), Libc.O_RDWR | Libc.O_CLOEXEC | flags, MODE);
        if (fd == -Errno.ENOENT || fd == -Errno.EACCES) {
            return null;
        }
        ErrnoException.check(fd, "open", path.toString());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment flock = arena.allocate(FLOCK_SIZE, 8);
            flock.set(ValueLayout.JAVA_SHORT, 0, F_WRLCK);
            int result = Libc.fcntl(fd, F_OFD_SETLK, flock);
            // The file may have been removed between open and lock: that lock guards nothing.
            if (result >= 0 && inode(Path.of("/proc/self/fd/" + fd)) == inode(path)) {
                return new LockFile(path, fd);
            }
        }
        Libc.close(fd);
        return null;
    }

    private static long inode(Path path) {
        try {
            return (Long) Files.getAttribute(path, "unix:ino");
        } catch (IOException _) {
            return 0;
        }
    }

    /**
     * What the owner wrote.
     *
     * @param fileName name of the file
     * @param pid the owner's process
     * @param port the owner's name for it
     * @param place path of the namespace, empty while the owner has not said
     */
    record Entry(String fileName, long pid, String port, String place) {
        /** From the file name, {@code namespace-ifindex.role}. */
        int ifindex() {
            return Integer.parseInt(fileName.replaceAll("^\\d+-(\\d+)\\..*$", "$1"));
        }
    }

    /** The content of a file; null when there is none or it is not written yet. */
    static @Nullable Entry read(String name) {
        return read(LockFolder.path().resolve(name));
    }

    private static @Nullable Entry read(Path path) {
        try {
            List<String> lines = Files.readAllLines(path);
            return lines.size() < 3
                    ? null
                    : new Entry(
                            String.valueOf(path.getFileName()),
                            Long.parseLong(lines.get(0)),
                            lines.get(1),
                            lines.get(2));
        } catch (IOException | UncheckedIOException | NumberFormatException _) {
            return null;
        }
    }

    private static long owner(Path path) {
        Entry entry = read(path);
        return entry == null ? 0 : entry.pid();
    }

    /** The file of the packets of a port, wherever its interface is; null when there is none. */
    static @Nullable Entry find(long pid, String port) {
        try (var files = Files.newDirectoryStream(LockFolder.path(), "*.packets")) {
            for (Path path : files) {
                Entry entry = read(path);
                if (entry != null && entry.pid() == pid && entry.port().equals(port)) {
                    return entry;
                }
            }
        } catch (IOException _) {
            // Not found, then.
        }
        return null;
    }

    private static void sweep(Path folder) {
        try (var files = Files.newDirectoryStream(folder, "*.{packets,handlers}")) {
            for (Path path : files) {
                LockFile stale = tryLock(path, 0);
                if (stale != null) {
                    stale.close();
                }
            }
        } catch (IOException _) {
            // What cannot be listed cannot be tidied; the lock decides, not the file.
        }
    }

    String name() {
        return String.valueOf(path.getFileName());
    }

    /** Says who has it and where the interface is. */
    void write(String port, String place) {
        String text = ProcessHandle.current().pid() + "\n" + port + "\n" + place + "\n";
        try {
            Files.writeString(path, text, StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the file and gives the lock up. Idempotent. */
    @Override
    public synchronized void close() {
        if (fd >= 0) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException _) {
                // A file without lock is no obstacle to anybody.
            }
            Libc.close(fd);
            fd = -1;
        }
    }
}
