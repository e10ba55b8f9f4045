// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes JSON: maps, collections, strings, numbers, booleans and null, on one line. */
public final class Json {
    private Json() {}

    /** One line of JSON. */
    public static String of(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> map ->
                    map.entrySet().stream()
                            .map(e -> string(String.valueOf(e.getKey())) + ":" + of(e.getValue()))
                            .collect(Collectors.joining(",", "{", "}"));
            case Collection<?> list ->
                    list.stream().map(Json::of).collect(Collectors.joining(",", "[", "]"));
            case Double d -> d.isNaN() || d.isInfinite() ? "null" : d.toString();
            case Number n -> n.toString();
            case Boolean b -> b.toString();
            default -> string(value.toString());
        };
    }

    private static String string(String text) {
        StringBuilder s = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> s.append("\\\"");
                case '\\' -> s.append("\\\\");
                case '\n' -> s.append("\\n");
                case '\t' -> s.append("\\t");
                default -> {
                    if (c < 0x20) {
                        s.append("\\u00").append(Character.forDigit(c >> 4, 16));
                        s.append(Character.forDigit(c & 15, 16));
                    } else {
                        s.append(c);
                    }
                }
            }
        }
        return s.append('"').toString();
    }
}
