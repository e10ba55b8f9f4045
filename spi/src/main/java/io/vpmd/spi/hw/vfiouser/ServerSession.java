// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import static io.vpmd.spi.hw.vfiouser.Protocol.*;

import io.vpmd.spi.hw.model.DeviceModel;
import io.vpmd.spi.hw.model.Violations;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.UnixSocket;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One client of a served device, from its connection to its end. One thread but for the end. */
final class ServerSession implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ServerSession.class.getName());
    private static final long STEP_MILLIS = 1_000;
    private static final long SEND_MILLIS = 5_000;
    private static final String CAPABILITIES =
            "{\"capabilities\":{\"max_msg_fds\":"
                    + MAX_DESCRIPTORS
                    + ",\"max_data_xfer_size\":"
                    + MAX_DATA
                    + ",\"max_dma_maps\":"
                    + MAX_DMA_MAPS
                    + ",\"write_multiple\":true}}\0";

    private final DeviceModel device;
    private final Violations refusals;
    private final Messages messages;
    private final ClientLink link;
    private final ByteBuffer in;
    private final ByteBuffer out;
    private final Regions regions;
    private final ClientMemory memory;
    private final ClientVectors vectors;
    private boolean agreed;

    ServerSession(
            DeviceModel device, UnixSocket socket, AccessListener listener, Violations refusals) {
        this.device = device;
        this.refusals = refusals;
        // One who begins a message has to go on, and one who is answered has to listen.
        socket.limit(STEP_MILLIS, SEND_MILLIS);
        messages = new Messages(socket);
        link = new ClientLink(messages);
        in = messages.in();
        out = messages.out();
        regions = new Regions(device, listener);
        memory = new ClientMemory(device.dma(), link);
        vectors = new ClientVectors(device);
    }

    /** Answers until the client is gone, or has lost the beginning of its messages. */
    void serve() {
        try {
            while (link.receive()) {
                if (!answer()) {
                    return;
                }
            }
        } catch (RefusedException e) {
            note("message", e);
            boolean _ =
                    messages.send(messages.id(), messages.command(), 0, replyError(), e.errno());
        }
    }

    private static int replyError() {
        return TYPE_REPLY | ERROR;
    }

    private void note(String what, RefusedException e) {
        refusals.add(what + ": " + e.reason());
        LOG.log(Level.DEBUG, () -> device + " refuses " + what + ": " + e.reason());
    }

    /** Answers one message; false when there is no point in going on. */
    private boolean answer() {
        int command = messages.command();
        boolean silent = (messages.flags() & NO_REPLY) != 0;
        boolean first = !agreed;
        try {
            int bytes = handle(command);
            return silent || messages.send(messages.id(), command, bytes, TYPE_REPLY, 0);
        } catch (RefusedException e) {
            note(name(command), e);
            boolean sent =
                    silent || messages.send(messages.id(), command, 0, replyError(), e.errno());
            // Without an agreement on the version nothing can follow.
            return sent && !first;
        }
    }

    /** Does what a message asks for and returns the bytes of the answer's body. */
    private int handle(int command) throws RefusedException {
        RefusedException.unless((messages.flags() & TYPE_MASK) == 0, Errno.EINVAL, "no request");
        RefusedException.unless(
                agreed == (command != VERSION), Errno.EINVAL, "version agreed on first and once");
        RefusedException.unless(
                messages.descriptors().count() == 0 || command == DMA_MAP || command == SET_IRQS,
                Errno.EINVAL,
                "descriptors that are not asked for");
        return switch (command) {
            case VERSION -> version();
            case DMA_MAP -> map();
            case DMA_UNMAP -> unmap();
            case GET_INFO -> info();
            case GET_REGION_INFO -> regionInfo();
            case GET_REGION_IO_FDS -> regionIoFds();
            case GET_IRQ_INFO -> irqInfo();
            case SET_IRQS -> setIrqs();
            case REGION_READ -> read();
            case REGION_WRITE -> write();
            case REGION_WRITE_MULTI -> writeMulti();
            case RESET -> reset();
            default -> throw new RefusedException(Errno.EOPNOTSUPP, "not served");
        };
    }

    private void needBody(int bytes) throws RefusedException {
        RefusedException.unless(messages.bodyBytes() >= bytes, Errno.EINVAL, "length");
    }

    /** For structures that begin with the room that the client has for the answer. */
    private void needRoom(int bytes) throws RefusedException {
        needBody(bytes);
        RefusedException.unless(
                Integer.compareUnsigned(in.getInt(HEADER), bytes) >= 0, Errno.EINVAL, "argsz");
        out.putInt(HEADER, bytes);
    }

    private int version() throws RefusedException {
        needBody(4);
        RefusedException.unless(in.getShort(HEADER) == 0, Errno.EOPNOTSUPP, "major version");
        byte[] said = new byte[messages.bodyBytes() - 4];
        in.get(HEADER + 4, said);
        String words = new String(said, StandardCharsets.UTF_8);
        int end = words.indexOf(0);
        link.limitData(Capabilities.parse(end < 0 ? words : words.substring(0, end)).dataBytes());
        agreed = true;
        byte[] text = CAPABILITIES.getBytes(StandardCharsets.US_ASCII);
        out.putInt(HEADER, 0);
        out.put(HEADER + 4, text);
        return 4 + text.length;
    }

    private int map() throws RefusedException {
        needRoom(MAP_BYTES);
        int flags = in.getInt(HEADER + 4);
        Descriptors files = messages.descriptors();
        RefusedException.unless(
                (flags & ~(MAP_READABLE | MAP_WRITABLE)) == 0 && (flags & MAP_READABLE) != 0,
                Errno.EINVAL,
                "flags");
        RefusedException.unless(files.count() <= 1, Errno.EINVAL, "more than one file");
        memory.map(
                files.count() == 0 ? -1 : files.list().getFirst(),
                in.getLong(HEADER + 8),
                in.getLong(HEADER + 16),
                in.getLong(HEADER + 24),
                (flags & MAP_WRITABLE) != 0);
        return 0;
    }

    private int unmap() throws RefusedException {
        needRoom(UNMAP_BYTES);
        int flags = in.getInt(HEADER + 4);
        long address = in.getLong(HEADER + 8);
        long bytes = in.getLong(HEADER + 16);
        RefusedException.unless((flags & ~UNMAP_ALL) == 0, Errno.EINVAL, "flags");
        if (flags == UNMAP_ALL) {
            RefusedException.unless(address == 0 && bytes == 0, Errno.EINVAL, "range beside all");
            memory.close();
        } else {
            memory.unmap(address, bytes);
        }
        out.putInt(HEADER + 4, flags);
        out.putLong(HEADER + 8, address);
        out.putLong(HEADER + 16, bytes);
        return UNMAP_BYTES;
    }

    private int info() throws RefusedException {
        needRoom(INFO_BYTES);
        out.putInt(HEADER + 4, INFO_RESET | INFO_PCI);
        out.putInt(HEADER + 8, REGIONS);
        out.putInt(HEADER + 12, IRQS);
        return INFO_BYTES;
    }

    private int index(int end) throws RefusedException {
        int index = in.getInt(HEADER + 8);
        RefusedException.unless(index >= 0 && index < end, Errno.EINVAL, "index");
        return index;
    }

    private int regionInfo() throws RefusedException {
        needRoom(REGION_INFO_BYTES);
        int region = index(REGIONS);
        int size = regions.size(region);
        out.putInt(HEADER + 4, size == 0 ? 0 : REGION_READABLE | REGION_WRITABLE);
        out.putInt(HEADER + 8, region);
        out.putInt(HEADER + 12, 0);
        out.putLong(HEADER + 16, size);
        out.putLong(HEADER + 24, 0);
        return REGION_INFO_BYTES;
    }

    /** None: a write has to reach the model, not memory or an eventfd. */
    private int regionIoFds() throws RefusedException {
        needRoom(REGION_IO_FDS_BYTES);
        int region = index(REGIONS);
        out.putInt(HEADER + 4, 0);
        out.putInt(HEADER + 8, region);
        out.putInt(HEADER + 12, 0);
        return REGION_IO_FDS_BYTES;
    }

    private int irqInfo() throws RefusedException {
        needRoom(IRQ_INFO_BYTES);
        int irq = index(IRQS);
        int count = irq == IRQ_MSIX ? vectors.count() : 0;
        out.putInt(HEADER + 4, count == 0 ? 0 : IRQ_EVENTFD);
        out.putInt(HEADER + 8, irq);
        out.putInt(HEADER + 12, count);
        return IRQ_INFO_BYTES;
    }

    private int setIrqs() throws RefusedException {
        needRoom(SET_IRQS_BYTES);
        int flags = in.getInt(HEADER + 4);
        int irq = index(IRQS);
        int start = in.getInt(HEADER + 12);
        int count = in.getInt(HEADER + 16);
        int available = irq == IRQ_MSIX ? vectors.count() : 0;
        RefusedException.unless(
                start >= 0 && count >= 0 && count <= available && start <= available - count,
                Errno.EINVAL,
                "vectors that are not there");
        // As the kernel's vfio-pci answers for MSI-X.
        RefusedException.unless(
                (flags & ACTIONS) == ACTION_TRIGGER, Errno.ENOTTY, "another action than trigger");
        int files = messages.descriptors().count();
        RefusedException.unless(
                files == 0 || (flags == (DATA_EVENTFD | ACTION_TRIGGER) && files == count),
                Errno.EINVAL,
                "number of descriptors");
        switch (flags & ~ACTION_TRIGGER) {
            case DATA_NONE -> trigger(start, count);
            case DATA_BOOL -> triggerSome(start, count);
            case DATA_EVENTFD -> connect(start, count);
            default -> throw new RefusedException(Errno.EINVAL, "flags");
        }
        return 0;
    }

    /** No vectors at all stands for the end of all. */
    private void trigger(int start, int count) {
        if (count == 0) {
            vectors.close();
        }
        for (int i = 0; i < count; i++) {
            vectors.signal(start + i);
        }
    }

    private void triggerSome(int start, int count) throws RefusedException {
        needBody(SET_IRQS_BYTES + count);
        for (int i = 0; i < count; i++) {
            if (in.get(HEADER + SET_IRQS_BYTES + i) != 0) {
                vectors.signal(start + i);
            }
        }
    }

    private void connect(int start, int count) throws RefusedException {
        boolean none = messages.descriptors().count() == 0;
        for (int i = 0; i < count; i++) {
            if (none) {
                vectors.disconnect(start + i);
            } else {
                vectors.connect(start + i, messages.descriptors());
            }
        }
    }

    private int read() throws RefusedException {
        needBody(ACCESS_BYTES);
        long offset = in.getLong(HEADER);
        int region = in.getInt(HEADER + 8);
        int count = in.getInt(HEADER + 12);
        RefusedException.unless(count >= 0 && count <= MAX_DATA, Errno.EINVAL, "count");
        regions.check(region, offset, count, false);
        copyAccess();
        regions.read(region, (int) offset, count, out, HEADER + ACCESS_BYTES);
        return ACCESS_BYTES + count;
    }

    private int write() throws RefusedException {
        needBody(ACCESS_BYTES);
        long offset = in.getLong(HEADER);
        int region = in.getInt(HEADER + 8);
        int count = in.getInt(HEADER + 12);
        RefusedException.unless(
                count == messages.bodyBytes() - ACCESS_BYTES, Errno.EINVAL, "count");
        regions.check(region, offset, count, true);
        regions.write(region, (int) offset, count, in, HEADER + ACCESS_BYTES);
        copyAccess();
        return ACCESS_BYTES;
    }

    private void copyAccess() {
        out.putLong(HEADER, in.getLong(HEADER));
        out.putLong(HEADER + 8, in.getLong(HEADER + 8));
    }

    /** All or none of the writes. */
    private int writeMulti() throws RefusedException {
        needBody(8);
        long writes = in.getLong(HEADER);
        int room = messages.bodyBytes() - 8;
        RefusedException.unless(
                writes >= 0
                        && writes <= room / MULTI_ENTRY_BYTES
                        && writes * MULTI_ENTRY_BYTES == room,
                Errno.EINVAL,
                "count");
        for (int i = 0; i < writes; i++) {
            int at = HEADER + 8 + i * MULTI_ENTRY_BYTES;
            int count = in.getInt(at + 12);
            RefusedException.unless(count > 0 && count <= 8, Errno.EINVAL, "count of a write");
            regions.check(in.getInt(at + 8), in.getLong(at), count, true);
        }
        for (int i = 0; i < writes; i++) {
            int at = HEADER + 8 + i * MULTI_ENTRY_BYTES;
            int offset = (int) in.getLong(at);
            regions.write(in.getInt(at + 8), offset, in.getInt(at + 12), in, at + ACCESS_BYTES);
        }
        out.putLong(HEADER, writes);
        return 8;
    }

    private int reset() {
        device.reset();
        return 0;
    }

    /** Makes {@link #serve} return; any thread. */
    void end() {
        messages.shutdown();
    }

    /** Leaves the device as after power-on; nothing of the client is in use any more. */
    @Override
    public void close() {
        messages.shutdown();
        device.reset();
        vectors.close();
        memory.close();
        // An access that has just begun is over when nobody has the device's lock.
        device.exclusively(link::close);
        messages.close();
    }
}
