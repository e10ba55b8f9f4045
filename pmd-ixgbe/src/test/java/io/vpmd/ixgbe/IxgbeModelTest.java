// SPDX-License-Identifier: Apache-2.0
package io.vpmd.ixgbe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.ixgbe.model.IxgbeModel;
import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.Ports;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.SpecException;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.feature.FlowFilters;
import io.vpmd.spi.feature.FlowFilters.Flow;
import io.vpmd.spi.feature.FlowFilters.Transport;
import io.vpmd.spi.feature.RegisterDump;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.Registers;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;
import io.vpmd.spi.mbuf.MbufPool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The model as a user opens it, and what the contract does not ask for (T0). */
@Timeout(60)
class IxgbeModelTest {
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private static void await(BooleanSupplier done, String what) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!done.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, what);
            Registers.delayMicros(500);
        }
    }

    /** The queue that the next packet arrives in. */
    private static int receive(Port port, int queues) {
        Mbuf[] into = new Mbuf[1];
        int[] found = {-1};
        await(
                () -> {
                    for (int q = 0; q < queues && found[0] < 0; q++) {
                        if (port.rxQueue(q).rxBurst(into, 0, 1) == 1) {
                            into[0].free();
                            found[0] = q;
                        }
                    }
                    return found[0] >= 0;
                },
                "nothing was received");
        return found[0];
    }

    private static byte[] packet(Port port, Flow flow) {
        ByteBuffer b = ByteBuffer.allocate(64);
        b.put(port.mac().bytes()).put(new byte[] {2, 0, 0, 0, 0, 9}).putShort((short) 0x0800);
        b.putShort((short) 0x4500).putShort((short) 50).putInt(0).put((byte) 64);
        b.put((byte) (flow.transport() == Transport.TCP ? 6 : 17)).putShort((short) 0);
        b.put(flow.source().getAddress()).put(flow.destination().getAddress());
        b.putShort((short) flow.sourcePort()).putShort((short) flow.destinationPort());
        return b.array();
    }

    @Test
    void aSpecIsEnoughForADeviceThatIsPinged() {
        try (MbufPool pool = MbufPool.create("spec", 1024);
                Port far = Ports.open("net_ring:ixgbe-far,peer=ixgbe-near");
                Port port =
                        Ports.open(
                                "net_ixgbe:model7,wire=[net_ring:ixgbe-near,peer=ixgbe-far],"
                                        + "mac=02:00:00:00:12:34")) {
            far.configure(PortConfig.of(pool).withRings(64, 64));
            far.start();
            port.configure(PortConfig.of(pool).withRings(64, 64));
            port.start();
            await(() -> port.link().up(), "no link");
            assertEquals(10_000, port.link().speedMbps());
            far.stop();
            await(() -> !port.link().up(), "the link follows the port at the other end");
        }
        assertTrue(Ports.all().isEmpty(), () -> "left open: " + Ports.all());
        SpecException e =
                assertThrows(SpecException.class, () -> Ports.open("net_ixgbe:model,chip=i210"));
        assertTrue(e.getMessage().contains("82599"), e::getMessage);
    }

    @Test
    void theEchoHostAnswersThroughTheModel() {
        try (MbufPool pool = MbufPool.create("echo", 1024);
                Port port = Ports.open("net_ixgbe:model8,wire=echo")) {
            port.configure(PortConfig.of(pool).withRings(64, 64));
            port.start();
            await(() -> port.link().up(), "no link");
            byte[] mac = port.mac().bytes();
            ByteBuffer arp = ByteBuffer.allocate(60);
            arp.putShort((short) -1).putInt(-1).put(mac).putShort((short) 0x0806);
            arp.putShort((short) 1).putShort((short) 0x0800).putShort((short) 0x0604);
            arp.putShort((short) 1).put(mac).putInt(0xc0a8_d201);
            arp.put(new byte[6]).putInt(0xc0a8_d202);
            try (var cache = pool.newCache()) {
                Mbuf m = cache.take();
                m.putBytes(m.append(60), arp.array(), 0, 60);
                assertEquals(1, port.txQueue(0).txBurst(new Mbuf[] {m}, 0, 1));
            }
            Mbuf[] into = new Mbuf[1];
            await(() -> port.rxQueue(0).rxBurst(into, 0, 1) == 1, "no answer");
            byte[] answer = new byte[42];
            into[0].bytes(0, answer, 0, 42);
            into[0].free();
            assertEquals(2, answer[21], "an ARP reply");
            assertArrayEquals(mac, Arrays.copyOf(answer, 6));
        }
    }

    @Test
    void aFlowGoesToItsQueueAndOthersGoOn() throws UnknownHostException {
        InetAddress here = InetAddress.getByAddress(new byte[] {10, 1, 2, 3});
        InetAddress there = InetAddress.getByAddress(new byte[] {10, 4, 5, (byte) 200});
        IxgbeModelFixture fixture = new IxgbeModelFixture(8);
        try (MbufPool pool = MbufPool.create("flows", 4096);
                Port port = fixture.open()) {
            port.configure(PortConfig.of(pool).withRings(64, 64).withQueues(20, 1));
            port.start();
            fixture.connect(port, pool);
            FlowFilters filters = port.feature(FlowFilters.class).orElseThrow();
            Flow tcp = new Flow(Transport.TCP, there, 40_000, here, 443);
            Flow udp = new Flow(Transport.UDP, there, 40_000, here, 443);
            // Beyond the 16 queues that the redirection table can name.
            filters.addFlow(tcp, 17);
            filters.addFlow(udp, 19);
            fixture.inject(packet(port, tcp));
            assertEquals(17, receive(port, 20));
            fixture.inject(packet(port, udp));
            assertEquals(19, receive(port, 20));
            fixture.inject(packet(port, new Flow(Transport.TCP, there, 40_001, here, 443)));
            assertTrue(receive(port, 20) < 16, "another flow");
            filters.addFlow(tcp, 18);
            fixture.inject(packet(port, tcp));
            assertEquals(18, receive(port, 20), "moved");
            port.stop();
            port.start();
            fixture.inject(packet(port, tcp));
            assertEquals(18, receive(port, 20), "after stop and start");
            filters.removeFlow(tcp);
            filters.removeFlow(udp);
            assertEquals(0, fixture.model().flowFilters());
            fixture.inject(packet(port, tcp));
            assertTrue(receive(port, 20) < 16, "removed");
        }
        fixture.close();
    }

    /** Worked out once with another program, from the formula of 7.1.2.7.4. */
    @Test
    void bucketsAreTheOnesThatTheDeviceLooksIn() throws UnknownHostException {
        InetAddress source = InetAddress.getByAddress(new byte[] {(byte) 192, (byte) 168, 0, 1});
        InetAddress destination = InetAddress.getByAddress(new byte[] {10, 0, 0, 2});
        assertEquals(
                0x08bc, IxgbeFlows.hash(new Flow(Transport.TCP, source, 80, destination, 1234)));
        assertEquals(
                0x07c7, IxgbeFlows.hash(new Flow(Transport.UDP, source, 80, destination, 1234)));
    }

    /** A packet of more descriptors than the device takes would stop its queue. */
    @Test
    void aPacketOfTooManyPiecesIsAnError() {
        IxgbeModelFixture fixture = new IxgbeModelFixture(11);
        try (MbufPool pool = MbufPool.create("pieces", 1024);
                Port port = fixture.open()) {
            port.configure(
                    PortConfig.of(pool)
                            .withRings(64, 64)
                            .withOffloads(Set.of(), EnumSet.of(TxOffload.MULTI_SEGMENT)));
            port.start();
            fixture.connect(port, pool);
            int most = port.info().maxTxSegments();
            for (int pieces : new int[] {most, most + 1}) {
                try (var cache = pool.newCache()) {
                    Mbuf head = cache.take();
                    head.append(20);
                    Mbuf last = head;
                    for (int i = 1; i < pieces; i++) {
                        Mbuf next = cache.take();
                        next.append(20);
                        head.chain(last, next);
                        last = next;
                    }
                    assertEquals(1, port.txQueue(0).txBurst(new Mbuf[] {head}, 0, 1));
                }
            }
            assertEquals(1, port.stats().txPackets());
            assertEquals(1, port.stats().txErrors());
        }
        fixture.close();
    }

    /** Erratum 44: of UDP an error may mean that there is no checksum. */
    @Test
    void anErrorOfUdpIsNotPassedOnThatOfTcpIs() throws UnknownHostException {
        InetAddress here = InetAddress.getByAddress(new byte[] {10, 1, 2, 3});
        InetAddress there = InetAddress.getByAddress(new byte[] {10, 4, 5, 6});
        IxgbeModelFixture fixture = new IxgbeModelFixture(10);
        try (MbufPool pool = MbufPool.create("sums", 1024);
                Port port = fixture.open()) {
            port.configure(
                    PortConfig.of(pool)
                            .withRings(64, 64)
                            .withOffloads(EnumSet.of(RxOffload.L4_CHECKSUM), Set.of()));
            port.start();
            fixture.connect(port, pool);
            for (Transport transport : new Transport[] {Transport.TCP, Transport.UDP}) {
                byte[] frame = packet(port, new Flow(transport, there, 5, here, 6));
                // A checksum that is wrong in either place.
                frame[41] = 1;
                frame[51] = 1;
                fixture.inject(frame);
                Mbuf[] into = new Mbuf[1];
                await(() -> port.rxQueue(0).rxBurst(into, 0, 1) == 1, "nothing was received");
                int wanted = transport == Transport.TCP ? MbufFlags.RX_L4_BAD : 0;
                assertEquals(wanted, into[0].flags() & MbufFlags.RX_L4_MASK, "" + transport);
                into[0].free();
            }
        }
        fixture.close();
    }

    @Test
    void theDumpHasWhatEthtoolLooksFor() {
        IxgbeModelFixture fixture = new IxgbeModelFixture(9);
        try (Port port = fixture.open()) {
            RegisterDump dump = port.feature(RegisterDump.class).orElseThrow();
            assertEquals("ixgbe", dump.format());
            assertEquals(0x0200_10f7, dump.version() & 0xff00_ffff);
            byte[] bytes = dump.dump();
            assertEquals(4 * 1145, bytes.length);
            ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            Map<String, Integer> registers = dump.registers();
            assertEquals(registers.get("CTRL_EXT"), words.getInt(4 * 2), "CTRL_EXT");
            assertEquals(registers.get("HLREG0"), words.getInt(4 * 1047), "HLREG0");
            assertEquals(registers.get("LINKS"), words.getInt(4 * 1065), "LINKS");
            assertEquals(registers.get("MFLCN"), words.getInt(4 * 1128), "MFLCN");
            assertEquals(registers.get("RAH[0]"), words.getInt(4 * 498), "RAH[0]");
        }
        fixture.close();
    }

    @Test
    void driverAndModelHaveTheSameRegisters() {
        Map<String, Register> model = IxgbeModel.table().registers();
        for (Register own : IxgbeRegs.TABLE.registers().values()) {
            Register other = model.get(own.name());
            if (other != null) {
                assertEquals(own.at(0), other.at(0), own.name());
                if (own.count() > 1) {
                    assertEquals(own.at(1), other.at(1), own.name());
                }
            }
        }
    }
}
