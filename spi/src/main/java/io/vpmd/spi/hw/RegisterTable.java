// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The registers of a family that a driver uses, in the order of their making. The driver, its
 * register dump, its traces and the model are fed from the same table.
 */
public final class RegisterTable {
    private final Map<String, Register> registers = new LinkedHashMap<>();

    /** An empty table; constants of the driver's register class fill it. */
    public RegisterTable() {}

    public Register ro(String name, int offset, String meaning) {
        return add(new Register(name, offset, 0, 1, Register.Access.RO, meaning));
    }

    public Register rw(String name, int offset, String meaning) {
        return add(new Register(name, offset, 0, 1, Register.Access.RW, meaning));
    }

    public Register wo(String name, int offset, String meaning) {
        return add(new Register(name, offset, 0, 1, Register.Access.WO, meaning));
    }

    public Register rc(String name, int offset, String meaning) {
        return add(new Register(name, offset, 0, 1, Register.Access.RC, meaning));
    }

    /** An array of read-write registers. */
    public Register rw(String name, int offset, int stride, int count, String meaning) {
        return add(new Register(name, offset, stride, count, Register.Access.RW, meaning));
    }

    /** An array of read-write registers, of which the first {@code split} are in another place. */
    public Register rw(
            String name, int offset, int stride, int count, int split, int second, String meaning) {
        return add(
                new Register(
                        name, offset, stride, count, split, second, Register.Access.RW, meaning));
    }

    /** An array of clear-on-read registers. */
    public Register rc(String name, int offset, int stride, int count, String meaning) {
        return add(new Register(name, offset, stride, count, Register.Access.RC, meaning));
    }

    private Register add(Register register) {
        if (registers.putIfAbsent(register.name(), register) != null) {
            throw new IllegalArgumentException("register " + register + " is there twice");
        }
        return register;
    }

    public Map<String, Register> registers() {
        return Collections.unmodifiableMap(registers);
    }

    /** What to call the register at {@code offset}: {@code RDT[3]}, {@code CTRL}. */
    public Optional<String> nameAt(int offset) {
        for (Register r : registers.values()) {
            if (r.count() == 1 && r.offset() == offset) {
                return Optional.of(r.name());
            }
            if (r.count() > 1) {
                int i = index(r, offset - r.offset(), r.split());
                int j = index(r, offset - r.second(), r.count() - r.split());
                if (i >= 0 || j >= 0) {
                    return Optional.of(r.name() + "[" + (i >= 0 ? i : r.split() + j) + "]");
                }
            }
        }
        return Optional.empty();
    }

    private static int index(Register r, int from, int count) {
        boolean inside = from >= 0 && from % r.stride() == 0 && from / r.stride() < count;
        return inside ? from / r.stride() : -1;
    }

    /** For messages: {@code 0x0000_0400} without the underscore. */
    public static String hex(int value) {
        return String.format(Locale.ROOT, "0x%08x", value);
    }
}
