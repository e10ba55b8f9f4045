// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import io.vpmd.spi.sys.Errno;

import java.util.HashMap;
import java.util.Map;

/**
 * What the other end says of itself with its version, a JSON text.
 *
 * @param descriptors how many it takes with a message, at least 1
 * @param dataBytes how many bytes it takes with an access to its memory, at most what this side has
 *     room for
 */
record Capabilities(int descriptors, int dataBytes) {
    private static final int MAX_DEPTH = 8;
    private static final String DATA = "capabilities.max_data_xfer_size";
    /* The least that is of any use: a word. */
    private static final int LEAST_DATA = 8;
    private static final String DESCRIPTORS = "capabilities.max_msg_fds";

    /**
     * Reads the text; what is not there has the protocol's default.
     *
     * @throws RefusedException when it is no JSON, or a value makes no sense
     */
    static Capabilities parse(String text) throws RefusedException {
        Parser parser = new Parser(text);
        if (!text.isBlank()) {
            parser.value("", 0);
            parser.space();
            parser.expect(parser.at == text.length());
        }
        double descriptors = parser.numbers.getOrDefault(DESCRIPTORS, 1.0);
        RefusedException.unless(descriptors >= 1, Errno.EPROTO, "max_msg_fds");
        double data = parser.numbers.getOrDefault(DATA, (double) Protocol.MAX_DATA);
        RefusedException.unless(data >= LEAST_DATA, Errno.EPROTO, "max_data_xfer_size");
        return new Capabilities(
                (int) Math.min(descriptors, Protocol.MAX_DESCRIPTORS),
                (int) Math.min(data, Protocol.MAX_DATA));
    }

    /** Keeps the numbers of objects by the names on the way to them. */
    private static final class Parser {
        final Map<String, Double> numbers = new HashMap<>();
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        void expect(boolean valid) throws RefusedException {
            RefusedException.unless(valid, Errno.EPROTO, "text of the version");
        }

        void space() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private boolean next(char c) {
            space();
            boolean is = at < text.length() && text.charAt(at) == c;
            at += is ? 1 : 0;
            return is;
        }

        void value(String path, int depth) throws RefusedException {
            expect(depth < MAX_DEPTH);
            if (next('{')) {
                object(path, depth);
            } else if (next('[')) {
                array(path, depth);
            } else if (next('"')) {
                string();
            } else {
                word(path);
            }
        }

        private void object(String path, int depth) throws RefusedException {
            if (next('}')) {
                return;
            }
            do {
                expect(next('"'));
                String name = string();
                expect(next(':'));
                value(path.isEmpty() ? name : path + "." + name, depth + 1);
            } while (next(','));
            expect(next('}'));
        }

        private void array(String path, int depth) throws RefusedException {
            if (next(']')) {
                return;
            }
            do {
                value(path + "[]", depth + 1);
            } while (next(','));
            expect(next(']'));
        }

        /** Names that matter have no escapes, so those are kept as they are. */
        private String string() throws RefusedException {
            int from = at;
            while (at < text.length() && text.charAt(at) != '"') {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
            expect(at < text.length());
            return text.substring(from, at++);
        }

        private void word(String path) throws RefusedException {
            int from = at;
            while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            String word = text.substring(from, at);
            if (!word.equals("true") && !word.equals("false") && !word.equals("null")) {
                expect(word.matches("-?[0-9]{1,18}(\\.[0-9]+)?([eE][-+]?[0-9]{1,2})?"));
                numbers.put(path, Double.parseDouble(word));
            }
        }
    }
}
