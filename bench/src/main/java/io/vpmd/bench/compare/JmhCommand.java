// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code compare jmh}: all arguments are JMH's. */
@Command(
        name = "jmh",
        description = {
            "Runs the JMH benchmarks; all arguments are JMH's, -h lists them. For example",
            "  bench/compare jmh -prof gc PoolBenchmark      0 B/op means: nothing is allocated",
            "  bench/compare jmh -jvmArgsAppend -XX:+UseG1GC"
        })
final class JmhCommand implements Callable<Integer> {
    @Unmatched private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        List<String> command = new ArrayList<>(Installation.jmh());
        command.addAll(arguments);
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }
}
