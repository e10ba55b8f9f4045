// SPDX-License-Identifier: Apache-2.0
package io.vpmd.igb;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.igb.model.IgbModel;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.RxOffload;
import io.vpmd.spi.TxOffload;
import io.vpmd.spi.hw.Register;
import io.vpmd.spi.hw.model.ModelBus;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufFlags;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The same driver does the same on the model and on QEMU's 82576 (T2): what arrives, raw
 * descriptors, what leaves and what is counted must not differ.
 */
@Timeout(120)
class IgbDifferentialTest {
    private static final String MAC = "02:00:00:00:64:64";

    /*
     * QEMU has no counters of the host's side nor of frames that are too long, counts without the
     * tag that it took out and without check sequence, does not count what it filters out, and
     * sends without padding.
     */
    private static final Set<String> NOT_COUNTED_BY_QEMU =
            Set.of(
                    "interrupt_assert_count",
                    "rx_host_good_bytes",
                    "tx_host_good_bytes",
                    "rx_sent_to_host_packets",
                    "tx_sent_by_host_packets",
                    "rx_oversize_errors",
                    "rx_total_packets",
                    "rx_mac_good_bytes",
                    "tx_mac_good_bytes",
                    "tx_total_bytes",
                    "tx_size_64_packets",
                    "rx_total_bytes",
                    "rx_size_64_packets",
                    "rx_size_65_to_127_packets",
                    "rx_size_128_to_255_packets");

    /* What the contents of the NVM decide, or the number of vectors, which is QEMU's own. */
    private static final Set<Register> OWN =
            Set.of(IgbRegs.CTRL, IgbRegs.EECD, IgbRegs.EERD, IgbRegs.EIAC, IgbRegs.EIAM);

    /** Runs on both and compares line by line. */
    private static void same(Consumer<Scenario> scenario) {
        List<String> qemu = run(qemu(), scenario);
        List<String> model = run(model(), scenario);
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < Math.max(qemu.size(), model.size()); i++) {
            String a = i < qemu.size() ? qemu.get(i) : "nothing";
            String b = i < model.size() ? model.get(i) : "nothing";
            if (!a.equals(b)) {
                differences.add("\nQEMU  " + a + "\nmodel " + b);
            }
        }
        assertTrue(
                differences.isEmpty(),
                () -> differences.size() + " of " + qemu.size() + " differ: " + differences);
        assertTrue(qemu.size() > 10, () -> "hardly anything was compared: " + qemu);
    }

    private static List<String> run(Scenario on, Consumer<Scenario> scenario) {
        try (on) {
            scenario.accept(on);
            return on.seen();
        }
    }

    private static Scenario qemu() {
        IgbQtestFixture fixture = new IgbQtestFixture(0);
        return new Scenario(fixture, IgbQtestFixture.qemu().bus(0), MAC);
    }

    private static Scenario model() {
        IgbModelFixture fixture = new IgbModelFixture(0);
        return new Scenario(fixture, new ModelBus(fixture.model(), () -> {}), MAC);
    }

    /** QEMU takes TcpIPv6 of MRQC for something else; both hash the addresses without it. */
    private static void withoutTcpIpv6Hash(Scenario s) {
        s.regs().change(IgbRegs.MRQC, IgbRegs.MRQC_TCP_IPV6, 0);
    }

    private static PortConfig everything(PortConfig config) {
        Set<RxOffload> rx =
                EnumSet.of(
                        RxOffload.IPV4_CHECKSUM,
                        RxOffload.L4_CHECKSUM,
                        RxOffload.SCTP_CHECKSUM,
                        RxOffload.SCATTER,
                        RxOffload.VLAN_STRIP,
                        RxOffload.RSS_HASH);
        Set<TxOffload> tx =
                EnumSet.of(
                        TxOffload.IPV4_CHECKSUM,
                        TxOffload.TCP_CHECKSUM,
                        TxOffload.UDP_CHECKSUM,
                        TxOffload.SCTP_CHECKSUM,
                        TxOffload.TCP_TSO,
                        TxOffload.MULTI_SEGMENT,
                        TxOffload.VLAN_INSERT);
        return config.withQueues(4, 1).withOffloads(rx, tx);
    }

    @Test
    void headersAreRecognizedCheckedAndSpread() {
        same(
                s -> {
                    s.start(IgbDifferentialTest::everything);
                    withoutTcpIpv6Hash(s);
                    for (IgbFrames.Named frame : IgbFrames.all(MAC)) {
                        s.receive(frame.name(), frame.bytes());
                    }
                    s.counters(NOT_COUNTED_BY_QEMU);
                });
    }

    @Test
    void withoutOffloadsNothingIsFoundOut() {
        same(
                s -> {
                    s.start(config -> config);
                    for (IgbFrames.Named frame : IgbFrames.all(MAC)) {
                        s.receive(frame.name(), frame.bytes());
                    }
                    s.counters(NOT_COUNTED_BY_QEMU);
                });
    }

    /** Any bytes: headers that are cut off, wrong lengths, unknown protocols. */
    @Test
    void damagedFramesAreTreatedAlike() {
        same(
                s -> {
                    s.start(IgbDifferentialTest::everything);
                    withoutTcpIpv6Hash(s);
                    Random random = new Random(82_576);
                    // QEMU sums SCTP up to the end of the frame, whatever the IP header says.
                    List<IgbFrames.Named> frames =
                            IgbFrames.all(MAC).stream()
                                    .filter(f -> !f.name().contains(" 132"))
                                    .toList();
                    for (int i = 0; i < 300; i++) {
                        IgbFrames.Named frame = frames.get(random.nextInt(frames.size()));
                        byte[] bytes = frame.bytes().clone();
                        for (int k = random.nextInt(1, 4); k > 0; k--) {
                            int at = random.nextInt(12, Math.min(70, bytes.length));
                            // QEMU takes a packet for IPv6 whatever its version.
                            bytes[at] = at == 14 || at == 18 ? bytes[at] : (byte) random.nextInt();
                        }
                        s.receive(i + " from " + frame.name(), bytes);
                    }
                });
    }

    @Test
    void addressesAndLengthsAreFilteredAlike() {
        same(
                s -> {
                    s.start(config -> config);
                    s.regs().write(IgbRegs.MTA, 0x7d, 0x0000_8000);
                    s.regs().write(IgbRegs.MTA, 0x12, -1);
                    for (int mode = 0; mode < 4; mode++) {
                        s.port().setPromiscuous(mode == 3);
                        s.port().setAllmulticast(mode == 2);
                        for (IgbFrames.Named frame : IgbFrames.addresses(MAC)) {
                            s.receive(frame.name() + " in mode " + mode, frame.bytes());
                        }
                        s.port().setMac(s.port().mac());
                    }
                    s.counters(NOT_COUNTED_BY_QEMU);
                    for (int length : new int[] {60, 61, 64, 123, 124, 1517, 1518, 1519, 1600}) {
                        s.receive("of " + length, IgbFrames.plain(MAC, length));
                    }
                    s.counters(NOT_COUNTED_BY_QEMU);
                });
    }

    @Test
    void jumboFramesAreScatteredAlike() {
        same(
                s -> {
                    s.port().setMtu(9000);
                    s.start(IgbDifferentialTest::everything);
                    for (int n : new int[] {1514, 2047, 2048, 2049, 4096, 4097, 9014, 9018}) {
                        s.receive("of " + n, IgbFrames.plain(MAC, n));
                        s.send("of " + n, s.packet(IgbFrames.plain(MAC, n), 1000));
                    }
                    s.counters(NOT_COUNTED_BY_QEMU);
                });
    }

    @Test
    void packetsAreFinishedAlike() {
        same(
                s -> {
                    s.start(IgbDifferentialTest::everything);
                    for (boolean v6 : new boolean[] {false, true}) {
                        for (int payload : new int[] {0, 1, 2, 17, 100, 999, 1400}) {
                            for (int protocol : new int[] {6, 17, 132}) {
                                finished(s, v6, protocol, payload, 0);
                                finished(s, v6, protocol, payload, MbufFlags.TX_VLAN);
                            }
                        }
                    }
                    s.counters(NOT_COUNTED_BY_QEMU);
                });
    }

    private static void finished(Scenario s, boolean v6, int protocol, int payload, int more) {
        Mbuf m = s.packet(IgbFrames.toFinish(MAC, v6, protocol, payload), 700);
        int l4 =
                switch (protocol) {
                    case 6 -> MbufFlags.TX_TCP_CKSUM;
                    case 17 -> MbufFlags.TX_UDP_CKSUM;
                    default -> MbufFlags.TX_SCTP_CKSUM;
                };
        int ip = v6 ? MbufFlags.TX_IPV6 : MbufFlags.TX_IPV4 | MbufFlags.TX_IP_CKSUM;
        m.setFlags(l4 | ip | more);
        m.setHeaderLengths(14, v6 ? 40 : 20, protocol == 6 ? 20 : 8);
        m.setVlan(0x6123, 0);
        s.send("IPv" + (v6 ? 6 : 4) + " " + protocol + " " + payload + " flags " + more, m);
    }

    /** Segments of all kinds but the flags that QEMU is known to take from the last one. */
    @Test
    void segmentsAreCutAlike() {
        same(
                s -> {
                    s.start(IgbDifferentialTest::everything);
                    for (boolean v6 : new boolean[] {false, true}) {
                        for (int size : new int[] {100, 536, 1400}) {
                            for (int payload : new int[] {size + 1, 2 * size, 5 * size - 1}) {
                                Mbuf m = s.packet(IgbFrames.toFinish(MAC, v6, 6, payload), 900);
                                int ip = v6 ? MbufFlags.TX_IPV6 : MbufFlags.TX_IPV4;
                                m.setFlags(MbufFlags.TX_TSO | MbufFlags.TX_TCP_CKSUM | ip);
                                m.setHeaderLengths(14, v6 ? 40 : 20, 20);
                                m.setSegmentSize(size);
                                s.send("v6 " + v6 + " " + payload + " in " + size, m);
                            }
                        }
                    }
                });
    }

    @Test
    void registersHoldTheSameAfterAReset() {
        same(
                s -> {
                    for (var register : IgbRegs.TABLE.registers().values()) {
                        boolean modelled =
                                IgbModel.table().registers().containsKey(register.name());
                        if (modelled
                                && register.access() == Register.Access.RW
                                && !OWN.contains(register)) {
                            int value = s.regs().read(register, 0);
                            s.note(register.name() + " " + Integer.toHexString(value));
                        }
                    }
                    // Who reads SWSM has it.
                    s.regs().write(IgbRegs.SWSM, 0);
                });
    }
}
