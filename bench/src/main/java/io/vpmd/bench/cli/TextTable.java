// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows whose columns are as wide as their widest cell. */
public final class TextTable {
    private static final int GAP = 2;

    private final String indent;
    private final List<List<String>> rows = new ArrayList<>();

    /** An empty table whose lines start with {@code indent}. */
    public TextTable(String indent) {
        this.indent = indent;
    }

    /** Adds a row. */
    public void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** The rows as text. */
    public List<String> lines() {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                int width = row.get(i).length();
                if (i == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(i, Math.max(widths.get(i), width));
                }
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, List<Integer> widths) {
        StringBuilder s = new StringBuilder(indent);
        for (int i = 0; i < row.size(); i++) {
            s.append(row.get(i)).repeat(' ', widths.get(i) - row.get(i).length() + GAP);
        }
        return s.toString().stripTrailing();
    }
}
