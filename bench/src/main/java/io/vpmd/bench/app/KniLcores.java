// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which cores serve a port of the KNI application: one element of {@code --config}.
 *
 * @param port number of the port, in the order of {@code --port}
 * @param rx core that moves packets from the port to the kernel
 * @param tx core that moves packets from the kernel to the port
 * @param kernel cores for the kernel's side; each makes one interface
 */
public record KniLcores(int port, int rx, int tx, List<Integer> kernel) {
    private static final int MAX_KERNEL = 32;
    private static final Pattern GROUP = Pattern.compile("\\(([^()]*)\\)");

    public KniLcores {
        kernel = List.copyOf(kernel);
    }

    /** Names of the interfaces: vEth0, or vEth0_0, vEth0_1... with cores for the kernel's side. */
    public List<String> interfaces() {
        if (kernel.isEmpty()) {
            return List.of("vEth" + port);
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < kernel.size(); i++) {
            names.add("vEth" + port + "_" + i);
        }
        return names;
    }

    /** All cores named. */
    public List<Integer> cores() {
        List<Integer> all = new ArrayList<>(List.of(rx, tx));
        all.addAll(kernel);
        return all;
    }

    /**
     * Reads {@code (port,rx,tx[,k...])[,(port,rx,tx[,k...])]}.
     *
     * @throws UsageException when it is malformed or names a port twice
     */
    public static List<KniLcores> parse(String text) {
        String compact = text.replaceAll("[\\s\"']", "");
        if (!compact.matches("\\([^()]*\\)(,\\([^()]*\\))*")) {
            throw wrong(text, "write (port,rx core,tx core), such as (0,0,1) or (0,0,1),(1,2,3)");
        }
        List<KniLcores> all = new ArrayList<>();
        Set<Integer> ports = new HashSet<>();
        Matcher groups = GROUP.matcher(compact);
        while (groups.find()) {
            KniLcores one = one(text, groups.group(1));
            if (!ports.add(one.port())) {
                throw wrong(text, "port " + one.port() + " is in it twice");
            }
            all.add(one);
        }
        return all;
    }

    private static KniLcores one(String text, String group) {
        List<Integer> numbers = new ArrayList<>();
        for (String word : group.split(",", -1)) {
            if (!word.matches("[0-9]{1,4}")) {
                throw wrong(text, "\"" + word + "\" in it is no number");
            }
            numbers.add(Integer.parseInt(word));
        }
        if (numbers.size() < 3) {
            throw wrong(text, "(" + group + ") lacks a port, a receive core or a transmit core");
        }
        if (numbers.size() > 3 + MAX_KERNEL) {
            throw wrong(text, "(" + group + ") has more than " + MAX_KERNEL + " kernel cores");
        }
        return new KniLcores(
                numbers.get(0), numbers.get(1), numbers.get(2), numbers.subList(3, numbers.size()));
    }

    private static UsageException wrong(String text, String what) {
        return new UsageException("--config \"" + text + "\" is wrong; " + what);
    }
}
