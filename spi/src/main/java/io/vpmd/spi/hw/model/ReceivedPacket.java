// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.model;

/**
 * What a device of the gigabit or ten-gigabit family finds out about a received packet: its type as
 * the descriptor has it, and which checksums are right. One thread; allocates nothing.
 */
public final class ReceivedPacket {
    private static final int TYPE_IPV4 = 1;
    private static final int TYPE_IPV4_OPTIONS = 1 << 1;
    private static final int TYPE_IPV6 = 1 << 2;
    private static final int TYPE_IPV6_EXTENSIONS = 1 << 3;
    private static final int TYPE_TCP = 1 << 4;
    private static final int TYPE_UDP = 1 << 5;
    private static final int TYPE_SCTP = 1 << 6;

    private final FrameHeaders headers = new FrameHeaders();
    private boolean ipChecked;
    private boolean ipGood;
    private boolean l4Checked;
    private boolean l4Good;
    private boolean udpSum;

    public ReceivedPacket() {}

    /**
     * Looks at a frame.
     *
     * @param tags that stand before the type
     * @param ipv6Extensions whether extension headers are skipped
     * @param ip whether IPv4 header checksums are checked
     * @param tcpUdp whether those of TCP and UDP are
     * @param sctp whether those of SCTP are
     */
    public void look(
            byte[] frame,
            int length,
            int tags,
            boolean ipv6Extensions,
            boolean ip,
            boolean tcpUdp,
            boolean sctp) {
        headers.parse(frame, length, tags, ipv6Extensions);
        ipChecked = ip && headers.ipv4();
        ipGood = ipChecked && Sums.internet(frame, headers.l3(), headers.l4(), 0) == 0xffff;
        l4Checked = false;
        l4Good = false;
        udpSum = false;
        if (headers.sctp()) {
            if (sctp) {
                int at = headers.l4() + 8;
                int there = word16(frame, at) << 16 | word16(frame, at + 2);
                checked(Sums.sctp(frame, headers.l4(), headers.end()) == there);
            }
        } else if (tcpUdp) {
            checkTransport(frame, length);
        }
    }

    private void checkTransport(byte[] frame, int length) {
        int l4 = headers.l4();
        if (headers.tcp()) {
            checked(headers.possibleLength() && summed(frame, headers.end() - l4));
        } else if (headers.udp() && word16(frame, l4 + 6) != 0) {
            // A datagram says itself how long it is; one without a checksum is not checked.
            int bytes = word16(frame, l4 + 4);
            udpSum = true;
            checked(bytes >= 8 && l4 + bytes <= length && summed(frame, bytes));
        }
    }

    private boolean summed(byte[] frame, int bytes) {
        int l4 = headers.l4();
        int pseudo = Sums.pseudoHeader(headers, frame, bytes);
        return Sums.internet(frame, l4, l4 + bytes, pseudo) == 0xffff;
    }

    private void checked(boolean good) {
        l4Checked = true;
        l4Good = good;
    }

    private static int word16(byte[] frame, int at) {
        return (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
    }

    /** Where the headers are. */
    public FrameHeaders headers() {
        return headers;
    }

    /** The packet type of a descriptor, without its lowest four bits. */
    public int type() {
        int type = 0;
        if (headers.ipv4()) {
            type = headers.extensions() ? TYPE_IPV4 | TYPE_IPV4_OPTIONS : TYPE_IPV4;
        } else if (headers.ipv6()) {
            type = headers.extensions() ? TYPE_IPV6 | TYPE_IPV6_EXTENSIONS : TYPE_IPV6;
        }
        return type
                | (headers.tcp() ? TYPE_TCP : 0)
                | (headers.udp() ? TYPE_UDP : 0)
                | (headers.sctp() ? TYPE_SCTP : 0);
    }

    public boolean ipChecked() {
        return ipChecked;
    }

    public boolean ipGood() {
        return ipGood;
    }

    public boolean l4Checked() {
        return l4Checked;
    }

    public boolean l4Good() {
        return l4Good;
    }

    /** Whether it is a datagram with a checksum. */
    public boolean udpSum() {
        return udpSum;
    }
}
