// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.spi.hw.model.RegisterFile;
import io.vpmd.spi.hw.vfiouser.AccessListener;

import java.util.Set;
import java.util.TreeSet;

/** Which registers a driver writes: their names, those of an array without the index. */
final class RegisterWrites implements AccessListener {
    private final RegisterFile registers;
    private final Set<String> names = new TreeSet<>();

    RegisterWrites(RegisterFile registers) {
        this.registers = registers;
    }

    @Override
    public synchronized void access(boolean write, int region, int offset, int bytes, int value) {
        if (write && region == 0) {
            names.add(registers.name(offset & ~3).replaceFirst("\\[.*", ""));
        }
    }

    /** Those written until now. */
    synchronized Set<String> names() {
        return new TreeSet<>(names);
    }
}
