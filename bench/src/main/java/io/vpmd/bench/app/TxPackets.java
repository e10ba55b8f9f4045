// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import java.util.ArrayList;
import java.util.List;

/** Reads {@code --txpkts}: the lengths of the segments of a packet. */
public final class TxPackets {
    private static final int MAX_BYTES = 65521;
    private static final int MAX_SEGMENTS = 16;

    private TxPackets() {}

    /**
     * Reads {@code 64} or {@code 64,128,128}.
     *
     * @throws UsageException when it is malformed, too short for the headers or too long
     */
    public static List<Integer> parse(String text) {
        List<Integer> lengths = new ArrayList<>();
        int total = 0;
        for (String part : text.split(",", -1)) {
            if (!part.matches("[0-9]{1,5}") || Integer.parseInt(part) == 0) {
                throw wrong(text, "write lengths in bytes such as 64 or 64,1024");
            }
            lengths.add(Integer.parseInt(part));
            total += lengths.getLast();
        }
        if (lengths.getFirst() < TxOnlyStream.HEADERS) {
            throw wrong(text, "the first length must be at least " + TxOnlyStream.HEADERS);
        }
        if (total > MAX_BYTES || lengths.size() > MAX_SEGMENTS) {
            throw wrong(
                    text,
                    "a packet has at most "
                            + MAX_BYTES
                            + " bytes and "
                            + MAX_SEGMENTS
                            + " segments");
        }
        return lengths;
    }

    private static UsageException wrong(String text, String what) {
        return new UsageException("--txpkts " + text + " is wrong; " + what);
    }
}
