// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.kmod;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.ErrnoException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks kni.ko for its interfaces, whoever owns them. */
public final class KmodInterfaces {
    /**
     * One of them, as struct kni_info has it.
     *
     * @param modes KNI_MODE_ bits, see the methods
     */
    public record Info(
            long id,
            long namespaceInode,
            String name,
            String pci,
            int ifindex,
            int ownerPid,
            int handlerPid,
            int queues,
            int rxEntries,
            int txEntries,
            int modes,
            int core,
            int loMode) {
        public boolean multiple() {
            return has(KmodAbi.KNI_MODE_MULTIPLE);
        }

        public boolean bound() {
            return has(KmodAbi.KNI_MODE_BOUND);
        }

        public boolean persistent() {
            return has(KmodAbi.KNI_MODE_PERSIST);
        }

        public boolean synchronous() {
            return has(KmodAbi.KNI_MODE_SYNCHRONOUS);
        }

        public boolean up() {
            return has(KmodAbi.KNI_MODE_UP);
        }

        public boolean carrier() {
            return has(KmodAbi.KNI_MODE_CARRIER);
        }

        private boolean has(int mode) {
            return (modes & mode) != 0;
        }
    }

    private KmodInterfaces() {}

    /**
     * All that the caller may see, oldest first.
     *
     * @throws ErrnoException when there is no module, or no right to use it
     * @throws KmodException when the module is of another version
     */
    public static List<Info> list() {
        List<Info> all = new ArrayList<>();
        try (KmodDescriptor device = new KmodDescriptor(0);
                Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(KmodAbi.INFO_SIZE, 8);
            info.set(JAVA_INT, KmodAbi.INFO_BY, KmodAbi.KNI_AFTER_ID);
            while (ask(device, info)) {
                all.add(read(info));
            }
        }
        return all;
    }

    /**
     * The one of a name in the network namespace of the calling thread; throws as {@link #list}.
     */
    public static Optional<Info> named(String name) {
        return one(KmodAbi.KNI_BY_NAME, info -> info.setString(KmodAbi.INFO_NAME, name));
    }

    /** The one of an interface's number there. */
    public static Optional<Info> numbered(int ifindex) {
        return one(
                KmodAbi.KNI_BY_IFINDEX, info -> info.set(JAVA_INT, KmodAbi.INFO_IFINDEX, ifindex));
    }

    /** The one of an id, wherever it is. */
    public static Optional<Info> identified(long id) {
        return one(KmodAbi.KNI_BY_ID, info -> info.set(JAVA_LONG, KmodAbi.INFO_ID, id));
    }

    private static Optional<Info> one(int by, java.util.function.Consumer<MemorySegment> key) {
        try (KmodDescriptor device = new KmodDescriptor(0);
                Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(KmodAbi.INFO_SIZE, 8);
            key.accept(info);
            info.set(JAVA_INT, KmodAbi.INFO_BY, by);
            return ask(device, info) ? Optional.of(read(info)) : Optional.empty();
        }
    }

    /** False when there is none. */
    private static boolean ask(KmodDescriptor device, MemorySegment info) {
        try {
            device.ask(KmodAbi.KNI_IOC_INFO, info, "KNI_IOC_INFO");
            return true;
        } catch (KmodException e) {
            if (e.errno() == Errno.ENODEV) {
                return false;
            }
            throw e;
        }
    }

    private static Info read(MemorySegment info) {
        return new Info(
                info.get(JAVA_LONG, KmodAbi.INFO_ID),
                info.get(JAVA_LONG, KmodAbi.INFO_NAMESPACE_INODE),
                info.getString(KmodAbi.INFO_NAME, StandardCharsets.UTF_8),
                info.getString(KmodAbi.INFO_PCI, StandardCharsets.UTF_8),
                info.get(JAVA_INT, KmodAbi.INFO_IFINDEX),
                info.get(JAVA_INT, KmodAbi.INFO_OWNER_PID),
                info.get(JAVA_INT, KmodAbi.INFO_HANDLER_PID),
                info.get(JAVA_INT, KmodAbi.INFO_QUEUES),
                info.get(JAVA_INT, KmodAbi.INFO_RX_ENTRIES),
                info.get(JAVA_INT, KmodAbi.INFO_TX_ENTRIES),
                info.get(JAVA_INT, KmodAbi.INFO_MODES),
                info.get(JAVA_INT, KmodAbi.INFO_CORE),
                info.get(JAVA_INT, KmodAbi.INFO_LO_MODE));
    }
}
