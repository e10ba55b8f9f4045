// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import java.util.Map;
import java.util.Optional;

/**
 * An Ethernet port that is polled.
 *
 * <p>Life: open - {@link #configure} - {@link #start} - {@link #stop} - ... - {@link #close}. Stop
 * and close are idempotent. Settings (MAC, MTU, promiscuous, allmulticast, offloads, features')
 * survive stop and start.
 *
 * <p>Threads: control methods may be called from any thread while others burst. Those that stop the
 * port, also internally, return only after no burst is running and every later one sees it stopped;
 * a burst that does not end within {@link AbstractPort#QUIESCE_TIMEOUT_MILLIS} makes them throw
 * {@link PortBusyException} with nothing changed. Control methods of one port exclude each other.
 *
 * <p>Errors: {@link PortException} and its subclasses, with the operation, the port and what to do.
 * Every method but the ones that say otherwise throws {@link PortStateException} on a closed port.
 */
public interface Port extends AutoCloseable {
    /** {@code driver:device}, unique among the open ports of this process. Works when closed. */
    String name();

    /** Small number of this port, which received packets carry. Works when closed. */
    int id();

    /** What the port is and can do. Works when closed. */
    PortInfo info();

    /** Works when closed. */
    PortState state();

    /**
     * Makes queues, in place of those that there were; only while the port is not started.
     *
     * @throws PortException when the request exceeds {@link #info()}
     */
    void configure(PortConfig config);

    /**
     * The settings of the last {@link #configure}.
     *
     * @throws PortStateException before the first
     */
    PortConfig config();

    /**
     * A receive queue of the last {@link #configure}.
     *
     * @throws PortException when there is no such queue, which is always so before configure
     */
    RxQueue rxQueue(int index);

    /**
     * A transmit queue of the last {@link #configure}.
     *
     * @throws PortException when there is no such queue, which is always so before configure
     */
    TxQueue txQueue(int index);

    /** Begins to move packets. Does nothing on a started port. */
    void start();

    /** Ceases to move packets; received ones that nobody took are freed. Works when closed. */
    void stop();

    /** Stops and gives everything back. Idempotent. */
    @Override
    void close();

    Link link();

    /** Works when closed: the last values. */
    PortStats stats();

    void resetStats();

    /** More counters by name, in a fixed order; units are packets unless the name says bytes. */
    Map<String, Long> xstats();

    MacAddress mac();

    /**
     * Sets the port's own address.
     *
     * @throws PortException when the address is not {@link MacAddress#valid()} or is refused
     */
    void setMac(MacAddress mac);

    /** Bytes of the largest packet without its Ethernet header. */
    int mtu();

    /**
     * Sets the MTU; may stop and start the port internally.
     *
     * @throws PortException when it is outside {@link PortInfo#minMtu} to {@link PortInfo#maxMtu}
     */
    void setMtu(int mtu);

    boolean promiscuous();

    void setPromiscuous(boolean on);

    boolean allmulticast();

    void setAllmulticast(boolean on);

    /** Adds a listener for events; one that is there already is not added twice. */
    void addListener(PortListener listener);

    void removeListener(PortListener listener);

    /**
     * What the port can do beyond these methods.
     *
     * @param type an interface of {@code io.vpmd.spi.feature}
     */
    <F> Optional<F> feature(Class<F> type);
}
