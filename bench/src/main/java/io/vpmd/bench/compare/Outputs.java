// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import io.vpmd.bench.app.RunException;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads what programs of others print. */
final class Outputs {
    private static final String NUMBER = "([0-9.]+(?:[eE][+-]?[0-9]+)?)";
    private static final Pattern RECEIVED =
            Pattern.compile(
                    "\"sum_received\"\\s*:\\s*\\{[^}]*\"bits_per_second\"\\s*:\\s*" + NUMBER);
    private static final Pattern ERROR = Pattern.compile("\"error\"\\s*:\\s*\"([^\"]*)\"");
    private static final Pattern ROUND_TRIP =
            Pattern.compile("min/avg/max(?:/mdev)? = [0-9.]+/([0-9.]+)/");
    private static final Pattern JMH_MEDIAN =
            Pattern.compile("\"scorePercentiles\"[^}]*\"50.0\"\\s*:\\s*" + NUMBER);
    private static final Pattern LOSS = Pattern.compile("([0-9.]+)% packet loss");

    private Outputs() {}

    /** Gbit/s that arrived, from {@code iperf3 --json}. */
    static double iperfGbitPerSecond(String json) {
        Matcher error = ERROR.matcher(json);
        if (error.find()) {
            throw new RunException("iperf3 failed: " + error.group(1));
        }
        return Double.parseDouble(find(RECEIVED, json, "iperf3")) / 1e9;
    }

    /** Average round trip in microseconds, from {@code ping -q}; nothing may be lost. */
    static double pingMicros(String output) {
        double loss = Double.parseDouble(find(LOSS, output, "ping"));
        if (loss > 0) {
            throw new RunException("ping lost " + loss + " % of its packets");
        }
        return Double.parseDouble(find(ROUND_TRIP, output, "ping")) * 1000;
    }

    /** The same of several runs, one after the other. */
    static List<Double> allPingMicros(String output) {
        return Stream.of(output.split("(?=--- \\S+ ping statistics ---)", -1))
                .skip(1)
                .map(Outputs::pingMicros)
                .toList();
    }

    /** Median of the iterations of the one benchmark in JMH's JSON. */
    static double jmhMedian(String json) {
        return Double.parseDouble(find(JMH_MEDIAN, json, "JMH"));
    }

    /** A number of a line of JSON that one of our programs printed. */
    static double number(String key, String json) {
        return Double.parseDouble(
                find(Pattern.compile("\"" + key + "\":" + NUMBER), json, "a program of ours"));
    }

    /** A number of a line {@code NAME=NUMBER} of a script. */
    static double assigned(String name, String output) {
        return Double.parseDouble(
                find(Pattern.compile("(?m)^" + name + "=" + NUMBER + "$"), output, "a script"));
    }

    private static String find(Pattern pattern, String text, String program) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new RunException(program + " printed no result: " + Shell.lastLine(text));
        }
        return matcher.group(1);
    }
}
