// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Output with a table at its end that is redrawn in place on a terminal. Other lines scroll above
 * it. Any thread.
 */
final class Screen {

    private final PrintWriter out;
    private final boolean terminal;
    private int drawn;

    Screen(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Whether standard output is a terminal; System.console() would load JLine to tell. */
    static boolean onTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException _) {
            return false;
        }
    }

    boolean terminal() {
        return terminal;
    }

    /** Prints lines that stay. */
    synchronized void print(List<String> lines) {
        erase();
        lines.forEach(out::println);
        out.flush();
    }

    /** Replaces the table. */
    synchronized void live(List<String> table) {
        erase();
        table.forEach(out::println);
        out.flush();
        drawn = terminal ? table.size() : 0;
    }

    private void erase() {
        if (drawn > 0) {
            out.printf("\033[%dA\033[J", drawn);
            drawn = 0;
        }
    }
}
