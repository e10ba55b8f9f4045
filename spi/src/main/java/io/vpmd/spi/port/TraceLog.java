// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.port;

import io.vpmd.spi.PortException;
import io.vpmd.spi.PortSpec;

import org.jspecify.annotations.Nullable;

import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Where a trace goes: a file, or the logger of the decorator's package. Any thread. */
final class TraceLog implements AutoCloseable {
    private static final Logger LOG = System.getLogger("io.vpmd.spi.port.trace");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");

    private final String port;
    private final @Nullable BufferedWriter file;
    private boolean failed;

    private TraceLog(String port, @Nullable BufferedWriter file) {
        this.port = port;
        this.file = file;
    }

    /** The log that a spec's option {@code file} asks for. */
    static TraceLog of(PortSpec spec, String port) {
        String path = spec.option("file", "");
        if (path.isEmpty()) {
            return new TraceLog(port, null);
        }
        try {
            return new TraceLog(port, Files.newBufferedWriter(Path.of(path)));
        } catch (IOException | InvalidPathException e) {
            throw new PortException(
                    "open", port, "cannot write " + path + ": " + e, "name another file", e);
        }
    }

    /** Writes the first {@code count} lines with the time and {@code mark} before each. */
    synchronized void write(String[] lines, int count, String mark) {
        String time = LocalTime.now(ZoneId.systemDefault()).format(TIME);
        for (int i = 0; i < count; i++) {
            writeOne(time + " " + port + " " + mark + " " + lines[i]);
        }
        flush();
    }

    private void writeOne(String line) {
        if (file == null) {
            LOG.log(Level.INFO, line);
            return;
        }
        try {
            file.write(line);
            file.newLine();
        } catch (IOException e) {
            fail(e);
        }
    }

    private void flush() {
        try {
            if (file != null) {
                file.flush();
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void fail(IOException e) {
        if (!failed) {
            failed = true;
            LOG.log(Level.WARNING, "the trace of " + port + " is incomplete: " + e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            fail(e);
        }
    }
}
