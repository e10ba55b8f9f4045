// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import static io.vpmd.spi.hw.vfiouser.Protocol.*;

import io.vpmd.spi.hw.Bus;
import io.vpmd.spi.hw.BusException;
import io.vpmd.spi.hw.ConfigSpace;
import io.vpmd.spi.hw.DmaMap;
import io.vpmd.spi.hw.DmaMemory;
import io.vpmd.spi.hw.IovaSpace;
import io.vpmd.spi.hw.Mmio;
import io.vpmd.spi.mbuf.MbufPool;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.EventFd;
import io.vpmd.spi.sys.MemFile;
import io.vpmd.spi.sys.UnixSocket;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The way of a driver to a device that another process serves over vfio-user. All memory goes there
 * as descriptors, interrupts come as eventfds; a register access is a message, and a write does not
 * wait for an answer. When the other end goes, the device reads as all ones, like one that was
 * pulled out; to come back it is opened again.
 */
public final class VfioUserBus implements Bus {
    private static final String PREFIX = "vfio-user:";
    private static final long TIMEOUT_MILLIS = 5_000;
    private static final int MAX_VECTORS = 2048;

    private final String device;
    private final ClientConnection connection;
    private final IovaSpace iovas = new IovaSpace();
    private final List<DmaMemory> memories = new ArrayList<>();
    private final ConfigSpace config;
    private final int vectors;
    private boolean interrupts;
    private boolean closed;

    private VfioUserBus(String device, ClientConnection connection) throws RefusedException {
        this.device = device;
        this.connection = connection;
        synchronized (connection) {
            ask(GET_INFO, INFO_BYTES, 0);
            ByteBuffer info = connection.in();
            RefusedException.unless(
                    (info.getInt(HEADER + 4) & INFO_PCI) != 0
                            && info.getInt(HEADER + 8) > REGION_CONFIG
                            && info.getInt(HEADER + 12) > IRQ_MSIX,
                    Errno.EPROTO,
                    "no PCI device");
            ask(GET_IRQ_INFO, IRQ_INFO_BYTES, IRQ_MSIX);
            vectors = connection.in().getInt(HEADER + 12);
            RefusedException.unless(
                    vectors >= 0 && vectors <= MAX_VECTORS, Errno.EPROTO, "number of vectors");
        }
        int configBytes = regionBytes(REGION_CONFIG);
        RefusedException.unless(configBytes >= 64, Errno.EPROTO, "configuration space");
        config = new Config(connection, configBytes);
    }

    /** Whether a spec's device is one behind a socket. */
    public static boolean matches(String device) {
        return device.startsWith(PREFIX);
    }

    /**
     * Connects to {@code vfio-user:/run/nic.sock}.
     *
     * @throws BusException when nobody listens there, or no PCI device is served
     */
    public static VfioUserBus open(String device) {
        Path path = Path.of(device.substring(PREFIX.length()));
        UnixSocket socket;
        try {
            socket = UnixSocket.connect(path, TIMEOUT_MILLIS);
        } catch (ErrnoException e) {
            String next =
                    e.errno() == Errno.EACCES
                            ? "run as the user who serves it"
                            : "start what serves it, for example vpmd nic --socket " + path;
            throw new BusException("open", device, e.reason(), next, e);
        }
        return over(device, new ClientConnection(device, socket));
    }

    /** Takes over a connection, which is closed when this fails. */
    static VfioUserBus over(String device, ClientConnection connection) {
        try {
            return new VfioUserBus(device, connection);
        } catch (RefusedException e) {
            connection.close();
            throw connection.failed("open", e);
        }
    }

    /** Asks for one of the structures that begin with argsz, flags and index. */
    private void ask(int command, int bytes, int index) throws RefusedException {
        ByteBuffer out = connection.out();
        for (int i = 0; i < bytes; i += 4) {
            out.putInt(HEADER + i, 0);
        }
        out.putInt(HEADER, bytes);
        out.putInt(HEADER + 8, index);
        connection.call(command, bytes, bytes);
    }

    private int regionBytes(int region) throws RefusedException {
        synchronized (connection) {
            ask(GET_REGION_INFO, REGION_INFO_BYTES, region);
            long size = connection.in().getLong(HEADER + 16);
            RefusedException.unless(
                    size >= 0 && size <= Integer.MAX_VALUE, Errno.EPROTO, "size of a region");
            return (int) size;
        }
    }

    private static final class Config extends ConfigSpace {
        private final ClientConnection connection;
        private final int size;

        Config(ClientConnection connection, int size) {
            this.connection = connection;
            this.size = size;
        }

        @Override
        public int read(int offset, int bytes) {
            if (offset < 0 || offset > size - bytes) {
                return bytes == 4 ? -1 : (1 << (8 * bytes)) - 1;
            }
            return connection.read(REGION_CONFIG, offset, bytes);
        }

        @Override
        public void write(int offset, int bytes, int value) {
            if (offset >= 0 && offset <= size - bytes) {
                connection.write(REGION_CONFIG, offset, bytes, value, false);
            }
        }
    }

    private static final class Bar extends Mmio {
        private final ClientConnection connection;
        private final int number;
        private final int size;

        Bar(ClientConnection connection, int number, int size) {
            this.connection = connection;
            this.number = number;
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public int read(int offset) {
            return connection.read(number, offset, 4);
        }

        @Override
        public void write(int offset, int value) {
            connection.write(number, offset, 4, value, true);
        }
    }

    @Override
    public String kind() {
        return "vfio-user";
    }

    @Override
    public String device() {
        return device;
    }

    @Override
    public ConfigSpace config() {
        return config;
    }

    @Override
    public Mmio bar(int number) {
        int size;
        try {
            size = number >= 0 && number < REGION_BARS ? regionBytes(number) : 0;
        } catch (RefusedException e) {
            throw connection.failed("open BAR " + number + " of", e);
        }
        if (size == 0) {
            throw new BusException("open", device, "it has no BAR " + number, "use another device");
        }
        return new Bar(connection, number, size);
    }

    @Override
    public synchronized DmaMemory allocate(String name, long bytes) {
        MemFile file = MemFile.create("vpmd-" + name, bytes);
        try {
            long length = file.memory().byteSize();
            long address = mapFile(length, file.fd());
            DmaMemory made =
                    new DmaMemory(
                            file.memory(),
                            address,
                            () -> {
                                unmap(address, length);
                                file.close();
                            });
            memories.add(made);
            return made;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * The same without handing the memory over: the other end asks for each access, and a thread of
     * this end answers. For memory that must not be shared; slow.
     */
    public synchronized DmaMemory allocateUnshared(String name, long bytes) {
        MemFile file = MemFile.create("vpmd-" + name, bytes);
        try {
            long length = file.memory().byteSize();
            ClientAnswers answers = connection.answerAccesses();
            long address;
            synchronized (connection) {
                address = mapFile(length);
                answers.add(address, file.memory());
            }
            DmaMemory made =
                    new DmaMemory(
                            file.memory(), address, () -> endUnshared(answers, address, file));
            memories.add(made);
            return made;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void endUnshared(ClientAnswers answers, long address, MemFile file) {
        synchronized (connection) {
            unmap(address, file.memory().byteSize());
            answers.remove(address);
        }
        file.close();
    }

    @Override
    public DmaMap map(MbufPool pool) {
        long bytes = pool.memory().byteSize();
        long address = mapFile(bytes, pool.fd());
        return new DmaMap(address, () -> unmap(address, bytes));
    }

    /** Tells the other end of a region, of which it gets the descriptor or none. */
    private long mapFile(long bytes, int... fd) {
        long address = iovas.take(bytes);
        if (address < 0) {
            throw new BusException(
                    "map memory for", device, "no bus addresses are left", "close pools");
        }
        synchronized (connection) {
            ByteBuffer out = connection.out();
            out.putInt(HEADER, MAP_BYTES);
            out.putInt(HEADER + 4, MAP_READABLE | MAP_WRITABLE);
            out.putLong(HEADER + 8, 0);
            out.putLong(HEADER + 16, address);
            out.putLong(HEADER + 24, bytes);
            try {
                connection.call(DMA_MAP, MAP_BYTES, 0, fd);
                return address;
            } catch (RefusedException e) {
                iovas.give(address);
                throw connection.failed("map memory for", e);
            }
        }
    }

    /** What cannot be unmapped because the other end is gone is unmapped. */
    private void unmap(long address, long bytes) {
        synchronized (connection) {
            if (connection.connected()) {
                ByteBuffer out = connection.out();
                out.putInt(HEADER, UNMAP_BYTES);
                out.putInt(HEADER + 4, 0);
                out.putLong(HEADER + 8, address);
                out.putLong(HEADER + 16, bytes);
                try {
                    connection.call(DMA_UNMAP, UNMAP_BYTES, 0);
                } catch (RefusedException e) {
                    // It still has the memory, and the connection is what can be taken from it.
                    connection.lose();
                }
            }
        }
        iovas.give(address);
    }

    @Override
    public boolean reset() {
        try {
            connection.call(RESET, 0, 0);
            return true;
        } catch (RefusedException e) {
            return false;
        }
    }

    @Override
    public int vectors() {
        return vectors;
    }

    @Override
    public boolean msix() {
        return true;
    }

    @Override
    public synchronized void connect(List<EventFd> events) {
        try {
            if (interrupts) {
                setIrqs(DATA_NONE, 0, 0);
                interrupts = false;
            }
            int most = connection.capabilities().descriptors();
            for (int from = 0; from < events.size(); from += most) {
                List<EventFd> some = events.subList(from, Math.min(from + most, events.size()));
                int[] fds = some.stream().mapToInt(EventFd::fd).toArray();
                setIrqs(DATA_EVENTFD, from, fds.length, fds);
                interrupts = true;
            }
        } catch (RefusedException e) {
            // A driver that shuts down must get on with it.
            if (!events.isEmpty()) {
                throw connection.failed("connect interrupts of", e);
            }
        }
    }

    private void setIrqs(int data, int start, int count, int... fds) throws RefusedException {
        synchronized (connection) {
            ByteBuffer out = connection.out();
            out.putInt(HEADER, SET_IRQS_BYTES);
            out.putInt(HEADER + 4, data | ACTION_TRIGGER);
            out.putInt(HEADER + 8, IRQ_MSIX);
            out.putInt(HEADER + 12, start);
            out.putInt(HEADER + 16, count);
            connection.call(SET_IRQS, SET_IRQS_BYTES, 0, fds);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        config.setBusMaster(false);
        memories.forEach(DmaMemory::close);
        connection.close();
    }
}
