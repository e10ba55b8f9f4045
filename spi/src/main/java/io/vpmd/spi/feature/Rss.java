// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.feature;

import java.util.Set;

/**
 * How received packets are spread over the queues: a Toeplitz hash over addresses and ports, whose
 * lowest bits pick an entry of a table of queues. Settings may be made before and after configure
 * and while packets flow; they survive stop and start. Methods throw {@link
 * io.vpmd.spi.PortException}.
 */
public interface Rss {
    /** What a packet's hash is made of. */
    enum Hash {
        /** Addresses of IPv4 packets. */
        IPV4,
        /** Addresses and ports of TCP over IPv4. */
        TCP_IPV4,
        /** Addresses and ports of UDP over IPv4. */
        UDP_IPV4,
        /** Addresses of IPv6 packets. */
        IPV6,
        /** Addresses and ports of TCP over IPv6. */
        TCP_IPV6,
        /** Addresses and ports of UDP over IPv6. */
        UDP_IPV6
    }

    /** Bytes of the key. */
    int keyLength();

    /** A copy of the key. */
    byte[] key();

    /** Sets the key, which has {@link #keyLength} bytes. */
    void setKey(byte[] key);

    /** Entries of the table. */
    int tableSize();

    /** A copy of the table, a queue in each entry. */
    int[] table();

    /**
     * Sets the table, which has {@link #tableSize} entries of configured queues. A configure with
     * fewer queues than it names, and the first one, fill it with all queues in turn.
     */
    void setTable(int[] queues);

    /** What {@link #setHashes} accepts. */
    Set<Hash> supportedHashes();

    /** What is hashed now. */
    Set<Hash> hashes();

    /** Sets what is hashed; the packets of none of these go to the first queue. */
    void setHashes(Set<Hash> hashes);
}
