// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.spi.MacAddress;
import io.vpmd.spi.PortException;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Bytes that the kernel would never send end in a typed exception, and end. */
final class MessageFuzzTest {
    private static final int ROUNDS = 100_000;

    @Test
    void randomBytes() {
        Random random = new Random(1);
        assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        byte[] bytes = new byte[random.nextInt(200)];
                        random.nextBytes(bytes);
                        readAll(bytes);
                    }
                });
    }

    @Test
    void realMessagesWithDamage() {
        byte[] link = link();
        Random random = new Random(2);
        int wellFormed = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = link.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            byte[] cut = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            wellFormed += readAll(random.nextBoolean() ? cut : bytes) ? 1 : 0;
        }
        assertTrue(wellFormed > ROUNDS / 100, "the damage spares too little: " + wellFormed);
    }

    /** Reads bytes as everything they could be; returns whether they were well-formed. */
    private static boolean readAll(byte[] bytes) {
        try {
            List<Message> messages = Message.parse(ByteBuffer.wrap(bytes));
            for (Message m : messages) {
                LinkState.isOf(m, 7);
                try {
                    Requests.checkError("test", "bytes", m);
                } catch (PortException | MalformedMessageException _) {
                    // Both are what a caller expects.
                }
                LinkState.parse(m);
            }
            return !messages.isEmpty();
        } catch (MalformedMessageException e) {
            return false;
        }
    }

    private static byte[] link() {
        ByteBuffer stats = ByteBuffer.allocate(96).order(ByteOrder.nativeOrder());
        stats.putLong(0, 3).putLong(8, 4).putLong(72, 9);
        return MessageWriter.link(Rtnl.RTM_NEWLINK, 7, Rtnl.IFF_UP, 0)
                .attribute(Rtnl.IFLA_IFNAME, "vEth0")
                .attribute(Rtnl.IFLA_MTU, 1400)
                .attribute(Rtnl.IFLA_PROMISCUITY, 2)
                .attribute(Rtnl.IFLA_ADDRESS, MacAddress.parse("02:00:00:00:00:01").bytes())
                .attribute(Rtnl.IFLA_OPERSTATE, new byte[] {6})
                .attribute(Rtnl.IFLA_STATS64, stats.array())
                .attribute(Rtnl.IFLA_LINKINFO, new byte[] {8, 0, 1, 0, 't', 'u', 'n', 0})
                .message(0, 1);
    }

    @Test
    void aWholeLinkMessage() {
        LinkState s = LinkState.parse(Message.parse(ByteBuffer.wrap(link())).getFirst());
        assertEquals(7, s.ifindex());
        assertEquals("vEth0", s.name());
        assertEquals(1400, s.mtu());
        assertTrue(s.up());
        assertTrue(s.promiscuous());
        assertEquals("02:00:00:00:00:01", s.mac().toString());
        assertEquals(LinkState.OperState.UP, s.operstate());
        assertEquals("tun", s.kind());
        assertEquals(new LinkStats(3, 4, 0, 0, 0, 0, 0, 0, 0, 9), s.stats());
    }

    @Test
    void theKernelsOwnWordsAreInTheException() {
        byte[] text = "no way\0\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        ByteBuffer error = ByteBuffer.allocate(48).order(ByteOrder.nativeOrder());
        error.putInt(48).putShort((short) Rtnl.NLMSG_ERROR);
        error.putShort((short) (Rtnl.NLM_F_CAPPED | Rtnl.NLM_F_ACK_TLVS));
        error.putInt(1).putInt(0).putInt(-22).putInt(16).putInt(0).putInt(0).putInt(0);
        error.putShort((short) (4 + text.length)).putShort((short) 1).put(text);
        error.flip();
        Message m = Message.parse(error).getFirst();
        NetlinkException e =
                assertThrows(
                        NetlinkException.class, () -> Requests.checkError("set mtu 7", "vEth0", m));
        assertEquals(22, e.errno());
        assertEquals(
                "set mtu 7 vEth0: the kernel says EINVAL (no way); pick a value that the interface"
                        + " allows",
                e.getMessage());
    }

    @Test
    void theMulticastFile() {
        String text =
                """
                2    vEth0           1     0     01005e000001
                12   vEth1           1     0     333300000001
                2    vEth0           1     1     01005e000077
                2    vEth0           1     0     0100
                nonsense

                99999999999 x 1 0 01005e000001
                """;
        assertEquals(
                Set.of(
                        MacAddress.parse("01:00:5e:00:00:01"),
                        MacAddress.parse("01:00:5e:00:00:77")),
                MulticastList.parse(text, 2));
        assertEquals(Set.of(), MulticastList.parse("", 2));
    }

    @Test
    void prefixes() {
        IpPrefix p = IpPrefix.parse("192.168.210.1/20");
        assertEquals("192.168.210.1/20", p.toString());
        assertEquals((byte) 255, p.broadcast()[3]);
        assertEquals((byte) 223, p.broadcast()[2]);
        assertEquals(128, IpPrefix.parse("fe80::1").length());
        for (String bad : List.of("", "1.2.3.4/33", "fe80::1/129", "host/24", "1.2.3.4/x", "/8")) {
            assertThrows(IllegalArgumentException.class, () -> IpPrefix.parse(bad), bad);
        }
    }
}
