// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.netlink;

import io.vpmd.spi.MacAddress;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The link layer multicast addresses that interfaces listen to, from /proc/net/dev_mcast. rtnetlink
 * has them neither as events nor on request. The file stays one of the namespace in which it was
 * opened.
 */
final class MulticastList implements AutoCloseable {
    private static final int CHUNK = 16 * 1024;
    private static final int MAX_LENGTH = 4 * 1024 * 1024;
    /* Index, name, two counts, address. */
    private static final Pattern LINE =
            Pattern.compile("(\\d{1,9})\\s+\\S+\\s+\\d+\\s+\\d+\\s+([0-9a-f]{12})");

    private final RandomAccessFile file;
    private final byte[] chunk = new byte[CHUNK];
    private String lastText = "";
    private int lastIfindex;
    private Set<MacAddress> last = Set.of();

    /** For the namespace of the calling thread. */
    MulticastList() {
        try {
            file = new RandomAccessFile("/proc/thread-self/net/dev_mcast", "r");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The addresses of one interface. */
    Set<MacAddress> read(int ifindex) {
        StringBuilder text = new StringBuilder();
        try {
            file.seek(0);
            int n = file.read(chunk);
            while (n > 0 && text.length() < MAX_LENGTH) {
                text.append(new String(chunk, 0, n, StandardCharsets.US_ASCII));
                n = file.read(chunk);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parseUnlessSame(text.toString(), ifindex);
    }

    /** The file is read again and again, and seldom changes. */
    private Set<MacAddress> parseUnlessSame(String text, int ifindex) {
        if (ifindex != lastIfindex || !text.equals(lastText)) {
            last = parse(text, ifindex);
            lastText = text;
            lastIfindex = ifindex;
        }
        return last;
    }

    /** Lines that are no entries are skipped. */
    static Set<MacAddress> parse(String text, int ifindex) {
        Set<MacAddress> addresses = new LinkedHashSet<>();
        text.lines()
                .map(line -> LINE.matcher(line.strip()))
                .filter(Matcher::matches)
                .filter(m -> Integer.parseInt(m.group(1)) == ifindex)
                .forEach(m -> addresses.add(new MacAddress(Long.parseLong(m.group(2), 16))));
        return Set.copyOf(addresses);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
