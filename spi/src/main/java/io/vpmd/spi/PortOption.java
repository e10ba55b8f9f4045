// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

/**
 * One key of a port spec.
 *
 * @param key the word before the equals sign
 * @param values what may follow, for example {@code 68..65521} or {@code on|off}
 * @param defaultValue what holds without it
 * @param description one line
 */
public record PortOption(String key, String values, String defaultValue, String description) {}
