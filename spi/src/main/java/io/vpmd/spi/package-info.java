// SPDX-License-Identifier: Apache-2.0
/**
 * Polled Ethernet ports: what an application uses, and what a driver implements.
 *
 * <h2>An application</h2>
 *
 * makes a pool of packet buffers, opens ports by {@linkplain io.vpmd.spi.Ports#open(String) spec},
 * configures and starts them, and moves packets in bursts, one thread to a queue:
 *
 * {@snippet file="com/example/vpmd/wire/Forward.java" region="forward"}
 *
 * <h2>Whose a packet is</h2>
 *
 * One owner at a time. What {@code rxBurst} returns is the caller's; of what is given to {@code
 * txBurst} the first n are the port's when it returns n, the rest stay the caller's. A short return
 * means that the queue is full and nothing else, so a loop may simply try the rest again: what can
 * never be sent is consumed and counted, and a port that is stopped, closed or gone consumes
 * everything.
 *
 * <h2>Threads</h2>
 *
 * One thread at a time bursts on a queue; it may hand the queue over to another. Control methods
 * may be called from any thread meanwhile. Those that stop the port return after the last burst has
 * ended, and each later burst sees it stopped. Listeners and handlers run on one thread a port.
 *
 * <h2>A driver</h2>
 *
 * is a {@link io.vpmd.spi.PortDriver}, found by ServiceLoader under its name, whose {@code open}
 * returns a subclass of {@link io.vpmd.spi.AbstractPort}. That one keeps the life of the port, its
 * settings and counters; the driver says what the device does. This is one, complete but for the
 * driver's name and description:
 *
 * {@snippet file="com/example/vpmd/wire/WireDriver.java" region="port"}
 *
 * <p>A queue is used between {@code enter()} and {@code leave()} only, whatever happens: that is
 * how a control thread knows when the last burst has ended. Neither allocates nor blocks.
 *
 * {@snippet file="com/example/vpmd/wire/WireDriver.java" region="receive"}
 *
 * {@snippet file="com/example/vpmd/wire/WireDriver.java" region="transmit"}
 *
 * <p>A module names the driver in {@code provides io.vpmd.spi.PortDriver with ...}, a jar on the
 * class path in {@code META-INF/services/io.vpmd.spi.PortDriver}. Its test extends {@code
 * io.vpmd.contract.PortContract} of the test-jar, which tries everything that is said here.
 */
package io.vpmd.spi;
