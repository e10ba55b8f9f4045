// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Reads one {@link PortSpec}. */
final class PortSpecParser {
    private static final Set<String> SHORT_NAMES = Set.of("echo", "ring", "null");

    private final String text;
    private int at;

    PortSpecParser(String text) {
        this.text = text;
    }

    PortSpec parse() {
        if (SHORT_NAMES.contains(text)) {
            return new PortSpec("net_" + text, "0", Map.of());
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new SpecException(
                    text, "it has no colon; write driver:device, for example net_kni:vEth0");
        }
        String driver = text.substring(0, colon);
        if (!driver.matches("[A-Za-z0-9_]+")) {
            throw new SpecException(text, "\"" + driver + "\" is not the name of a driver");
        }
        at = colon + 1;
        String device = plainUntilComma();
        if (device.isEmpty()) {
            throw new SpecException(text, "there is no device behind the first colon");
        }
        Map<String, String> options = new LinkedHashMap<>();
        while (at < text.length()) {
            at++;
            readOption(options);
        }
        return new PortSpec(driver, device, options);
    }

    private void readOption(Map<String, String> options) {
        int equals = text.indexOf('=', at);
        String key = equals < 0 ? text.substring(at) : text.substring(at, equals);
        if (equals < 0 || !key.matches("[A-Za-z0-9_-]+")) {
            throw new SpecException(text, "at \"" + text.substring(at) + "\" key=value is missing");
        }
        at = equals + 1;
        if (options.put(key, value()) != null) {
            throw new SpecException(text, "the key " + key + " stands there twice");
        }
        if (at < text.length() && text.charAt(at) != ',') {
            throw new SpecException(
                    text, "a comma is missing before \"" + text.substring(at) + "\"");
        }
    }

    private String value() {
        char first = at < text.length() ? text.charAt(at) : 0;
        return switch (first) {
            case '"' -> quoted();
            case '[' -> bracketed();
            default -> plainUntilComma();
        };
    }

    private String quoted() {
        int end = text.indexOf('"', at + 1);
        if (end < 0) {
            throw new SpecException(text, "a double quote is not closed");
        }
        String value = text.substring(at + 1, end);
        at = end + 1;
        return value;
    }

    private String bracketed() {
        int depth = 0;
        for (int i = at; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '[') {
                depth++;
            } else if (c == ']' && --depth == 0) {
                String value = text.substring(at + 1, i);
                at = i + 1;
                return value;
            }
        }
        throw new SpecException(text, "a square bracket is not closed");
    }

    private String plainUntilComma() {
        int comma = text.indexOf(',', at);
        int end = comma < 0 ? text.length() : comma;
        String value = text.substring(at, end);
        at = end;
        return value;
    }
}
