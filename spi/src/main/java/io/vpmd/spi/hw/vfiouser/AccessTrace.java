// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw.vfiouser;

import io.vpmd.spi.hw.RegisterTable;
import io.vpmd.spi.hw.model.RegisterFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Writes each access as a line: seconds, what, register, value. For example
 *
 * <pre>
 *      0.184032 write RDT[0] 0x000000ff
 *      0.184061 read  STATUS 0x00080783
 *      0.200007 read  config+0x04/2 0x00000406
 * </pre>
 *
 * The last lines are in the file when the program is killed.
 */
public final class AccessTrace implements AccessListener, AutoCloseable {
    private final RegisterFile registers;
    private final Writer file;
    private final long started = System.nanoTime();

    /**
     * A trace of a device's accesses in a new file.
     *
     * @param registers gives them their names
     * @throws UncheckedIOException when the file cannot be written
     */
    public AccessTrace(RegisterFile registers, Path path) {
        this.registers = registers;
        try {
            file = Files.newBufferedWriter(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void access(boolean write, int region, int offset, int bytes, int value) {
        try {
            file.write(
                    String.format(
                            Locale.ROOT,
                            "%12.6f %s %s %s%n",
                            (System.nanoTime() - started) / 1e9,
                            write ? "write" : "read ",
                            name(region, offset, bytes),
                            RegisterTable.hex(value)));
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String name(int region, int offset, int bytes) {
        String name =
                switch (region) {
                    case 0 -> registers.name(offset & ~3);
                    case Protocol.REGION_CONFIG ->
                            String.format(Locale.ROOT, "config+0x%02x", offset);
                    default -> String.format(Locale.ROOT, "BAR%d+0x%04x", region, offset);
                };
        return bytes == 4 ? name : name + "/" + bytes;
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
