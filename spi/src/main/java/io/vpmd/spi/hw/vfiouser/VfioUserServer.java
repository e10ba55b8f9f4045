// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import io.vpmd.spi.PortException;
import io.vpmd.spi.hw.BusException;
import io.vpmd.spi.hw.model.DeviceModel;
import io.vpmd.spi.hw.model.Violations;
import io.vpmd.spi.sys.Errno;
import io.vpmd.spi.sys.ErrnoException;
import io.vpmd.spi.sys.UnixListener;
import io.vpmd.spi.sys.UnixSocket;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/**
 * Serves a device over a socket to one client at a time: the next one is let in when the last is
 * gone, and finds the device as after power-on. The device, and the engine that makes it live, stay
 * the caller's.
 *
 * <p>A client cannot do harm beyond its own device: messages have a greatest size, memory and
 * interrupts are what it has passed itself, and what is wrong is refused with an errno and counted.
 */
public final class VfioUserServer implements AutoCloseable {
    private static final Logger LOG = System.getLogger(VfioUserServer.class.getName());
    private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

    private final DeviceModel device;
    private final UnixListener listener;
    private final AccessListener accesses;
    private final Violations refusals = new Violations();
    private final Thread thread;
    private @Nullable ServerSession session;
    private boolean closing;
    private volatile long connections;

    private VfioUserServer(DeviceModel device, UnixListener listener, AccessListener accesses) {
        this.device = device;
        this.listener = listener;
        this.accesses = accesses;
        this.thread =
                Thread.ofPlatform().daemon().name("vpmd-served-" + device).unstarted(this::run);
    }

    /**
     * Makes the socket and begins to serve.
     *
     * @param accesses told of every access
     * @throws PortException when the socket cannot be made
     */
    public static VfioUserServer start(DeviceModel device, Path socket, AccessListener accesses) {
        UnixListener listener;
        try {
            listener = UnixListener.listen(socket);
        } catch (ErrnoException e) {
            String next =
                    e.errno() == Errno.EADDRINUSE
                            ? "name another socket, or end the process that listens there"
                            : "name a socket in a folder that you may write to";
            throw new BusException("serve", device.name(), e.reason(), next, e);
        }
        VfioUserServer server = new VfioUserServer(device, listener, accesses);
        server.thread.start();
        return server;
    }

    private void run() {
        for (UnixSocket s = listener.accept(); s != null; s = listener.accept()) {
            try (ServerSession accepted = new ServerSession(device, s, accesses, refusals)) {
                if (enter(accepted)) {
                    accepted.serve();
                }
            } catch (RuntimeException | InternalError e) {
                // A hook that a value of the client has led astray, or memory that is gone.
                LOG.log(Level.ERROR, device + " has thrown its client out", e);
                refusals.add("failure: " + e.getClass().getSimpleName());
            } finally {
                leave();
            }
        }
    }

    private synchronized boolean enter(ServerSession accepted) {
        session = closing ? null : accepted;
        connections++;
        return !closing;
    }

    private synchronized void leave() {
        session = null;
    }

    /** Whether a client is there. */
    public synchronized boolean connected() {
        return session != null;
    }

    /** How many clients there have been. */
    public long connections() {
        return connections;
    }

    /** What was refused, by reason, with how often. */
    public Violations refusals() {
        return refusals;
    }

    /** Throws the client out; it may come back. */
    public synchronized void disconnect() {
        if (session != null) {
            session.end();
        }
    }

    /** Throws the client out and removes the socket. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            disconnect();
        }
        listener.stop();
        try {
            if (thread.join(java.time.Duration.ofMillis(CLOSE_TIMEOUT_MILLIS))) {
                listener.close();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
