// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.cli;

import io.vpmd.bench.app.UsageException;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Lets DPDK command lines work: what stands before {@code --} are EAL options, of which the ones
 * for cores mean something here.
 */
final class EalOptions {
    private static final Set<String> WITH_VALUE = Set.of("-l", "-c", "-n");
    private static final Set<String> OURS_WITH_VALUE =
            Set.of("--port", "--backend", "--wait", "--stats-period");
    private static final Set<String> OURS = Set.of("--json", "--verbose", "--help", "-h");

    private EalOptions() {}

    /**
     * Checks what is before {@code --} and takes that separator out.
     *
     * @throws UsageException for an option that means nothing here
     */
    static List<String> join(List<String> arguments) {
        int separator = arguments.indexOf("--");
        if (separator < 0 || !arguments.getFirst().equals("kni")) {
            return arguments;
        }
        for (int i = 1; i < separator; i++) {
            String argument = arguments.get(i);
            String name = argument.replaceFirst("=.*", "");
            boolean takesNext = WITH_VALUE.contains(argument) || OURS_WITH_VALUE.contains(argument);
            boolean known =
                    takesNext
                            || OURS.contains(argument)
                            || OURS_WITH_VALUE.contains(name)
                            || argument.matches("-[lcn].+");
            if (!known) {
                throw new UsageException(
                        "there is no EAL option "
                                + name
                                + "; before -- there may be -l, -c and -n, the application's"
                                + " options go after it");
            }
            i += takesNext ? 1 : 0;
        }
        List<String> joined = new ArrayList<>(arguments.subList(0, separator));
        joined.addAll(arguments.subList(separator + 1, arguments.size()));
        return joined;
    }
}
