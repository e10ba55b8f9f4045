// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The name of a port with its options: {@code driver:device[,key=value]...}, split at the first
 * colon. A value that is a port spec stands in square brackets, a value with a comma in double
 * quotes. {@code echo}, {@code ring} and {@code null} are short for {@code net_echo:0} and so on.
 *
 * @param driver name of the driver
 * @param device what the driver is to open; its meaning is the driver's
 * @param options keys and values, without brackets and quotes, in the order given
 */
public record PortSpec(String driver, String device, Map<String, String> options) {
    public PortSpec {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /**
     * Reads a spec.
     *
     * @throws SpecException when it is malformed
     */
    public static PortSpec parse(String text) {
        return new PortSpecParser(text).parse();
    }

    /** The value of a key. */
    public Optional<String> option(String key) {
        return Optional.ofNullable(options.get(key));
    }

    /** The value of a key, or {@code otherwise}. */
    public String option(String key, String otherwise) {
        return options.getOrDefault(key, otherwise);
    }

    /**
     * The value of a key as a decimal number, or {@code otherwise} without it.
     *
     * @throws SpecException when it is not a number from {@code min} to {@code max}
     */
    public int intOption(String key, int otherwise, int min, int max) {
        String value = options.get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            int n = Integer.parseInt(value);
            if (n >= min && n <= max) {
                return n;
            }
        } catch (NumberFormatException _) {
            // Said below, as for a number out of range.
        }
        throw bad(key, value, "a number from " + min + " to " + max);
    }

    /**
     * The value of a key that is {@code on} or {@code off}, or {@code otherwise} without it.
     *
     * @throws SpecException for any other value
     */
    public boolean booleanOption(String key, boolean otherwise) {
        String value = options.get(key);
        if (value == null) {
            return otherwise;
        }
        return switch (value) {
            case "on", "1" -> true;
            case "off", "0" -> false;
            default -> throw bad(key, value, "on or off");
        };
    }

    /**
     * The value of a key that is a MAC address.
     *
     * @throws SpecException when it is not one that a port can have
     */
    public Optional<MacAddress> macOption(String key) {
        String value = options.get(key);
        if (value == null) {
            return Optional.empty();
        }
        try {
            MacAddress mac = MacAddress.parse(value);
            if (mac.valid()) {
                return Optional.of(mac);
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw bad(key, value, "a unicast MAC address such as 02:00:00:00:00:01");
    }

    /** The exception for a value that is not {@code expected}. */
    public SpecException bad(String key, String value, String expected) {
        return new SpecException(
                toString(), key + "=" + value + " is wrong, it must be " + expected);
    }

    /** This spec as text; {@link #parse} reads it back. */
    @Override
    public String toString() {
        StringBuilder s = new StringBuilder(driver).append(':').append(device);
        options.forEach((k, v) -> s.append(',').append(k).append('=').append(quoted(v)));
        return s.toString();
    }

    /** The value in a way that the parser reads back: as it is, in double quotes or brackets. */
    private static String quoted(String value) {
        if (value.indexOf(',') < 0 && !value.startsWith("\"") && !value.startsWith("[")) {
            return value;
        }
        boolean nested = value.indexOf(':') >= 0 && balanced(value);
        return value.indexOf('"') < 0 && !nested ? '"' + value + '"' : '[' + value + ']';
    }

    private static boolean balanced(String value) {
        int depth = 0;
        for (int i = 0; i < value.length() && depth >= 0; i++) {
            char c = value.charAt(i);
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
        }
        return depth == 0;
    }
}
