// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * Runs several commands one after the other, an argument each, in one JVM: in a guest the start of
 * a JVM takes longer than all of them. Prints for each {@code == LINE}, what it printed, and {@code
 * exit N}.
 */
public final class CommandLines {
    private CommandLines() {}

    public static void main(String[] lines) {
        for (String line : lines) {
            StringWriter printed = new StringWriter();
            PrintWriter to = new PrintWriter(printed);
            int exit = Vpmd.run(to, to, line.split(" "));
            System.out.println("== " + line);
            System.out.print(printed);
            System.out.println("exit " + exit);
        }
    }
}
