// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import io.vpmd.spi.Port;
import io.vpmd.spi.Ports;
import io.vpmd.spi.mbuf.MbufPool;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the contract kit has to know about a driver: how to open a port, and how to reach the other
 * side of it. A driver's test makes one in {@link PortContract#fixture}; the kit closes it.
 *
 * <p>Nothing but the kit may send to the port: counters are compared exactly. The cases whose means
 * are missing here (no {@link #injects()}, no {@link #collects()}) are skipped.
 */
public abstract class PortFixture implements AutoCloseable {
    /** A port whose other side is itself: what it sends on a queue it receives on that queue. */
    public static PortFixture loopback(String spec) {
        return new LoopbackFixture(spec);
    }

    /** A port whose other side is a second port; the kit opens both, the peer first. */
    public static PortFixture pair(String spec, String peerSpec) {
        return new PairFixture(spec, peerSpec);
    }

    /** A port whose other side cannot be reached. */
    public static PortFixture alone(String spec) {
        return new PortFixture() {
            @Override
            public String spec() {
                return spec;
            }
        };
    }

    /** The spec of the port; the same at every call. */
    public abstract String spec();

    /** Opens the port. */
    public Port open() {
        return Ports.open(spec());
    }

    /**
     * The port was started and the kit is going to use {@link #inject} and {@link #collect}. Called
     * once a case on the kit's thread.
     *
     * @param pool for packets that the fixture sends through ports
     */
    public void connect(Port port, MbufPool pool) {}

    /** Whether {@link #inject} works. */
    public boolean injects() {
        return false;
    }

    /** Whether {@link #collect} works. */
    public boolean collects() {
        return false;
    }

    /** Makes a frame arrive at the port's receive queue 0, now or soon. */
    public void inject(byte[] frame) {
        throw new UnsupportedOperationException("inject");
    }

    /** The next frame that the port sent, in order, or empty when there is none yet. */
    public Optional<WireFrame> collect() {
        throw new UnsupportedOperationException("collect");
    }

    /** How long a frame may be on its way from a burst to {@link #collect} or back; 0 for none. */
    public long settleMillis() {
        return 0;
    }

    /** Whether a burst is a system call or more: long loops take a smaller share then. */
    public boolean slow() {
        return settleMillis() > 0;
    }

    /** Rounds of changes under load that stand for the thousand of a full run. */
    public int fewRounds() {
        return settleMillis() == 0 ? 100 : 20;
    }

    /** The MTU that the device or the other side sees, where that can be read. */
    public OptionalInt deviceMtu() {
        return OptionalInt.empty();
    }

    /** The address that the device or the other side sees, in text, where that can be read. */
    public Optional<String> deviceMac() {
        return Optional.empty();
    }

    /** Makes the port post at least one event, now or soon; false when there is no way to. */
    public boolean causeEvent() {
        return false;
    }

    /** Takes the device away from under the port; false when there is no way to. */
    public boolean removeDevice() {
        return false;
    }

    /** Buffers that one packet to be sent may consist of on this device. */
    public int maxTxSegments() {
        return Integer.MAX_VALUE;
    }

    /**
     * TCP flags, as in the header's byte 13, that an emulated device is known to get wrong when it
     * cuts a packet into segments; 0 for what keeps to the rules.
     */
    public int wrongTcpFlags() {
        return 0;
    }

    /** Gives back what the fixture made. The port is closed by then. */
    @Override
    public void close() {}
}
