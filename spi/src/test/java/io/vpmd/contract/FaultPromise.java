// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a driver promises to do about a fault of its device: the operations that fail, with which
 * words, and whether packets leave. What is not named succeeds.
 */
public final class FaultPromise {
    private final Map<String, List<String>> failures = new HashMap<>();
    private boolean sends = true;

    /** Everything succeeds in spite of it. */
    public FaultPromise() {}

    /** An operation fails with a message that has these words. */
    public FaultPromise failsTo(String operation, String words) {
        failures.computeIfAbsent(operation, _ -> new ArrayList<>()).add(words);
        return this;
    }

    /** Packets are taken and do not leave. */
    public FaultPromise sendsNothing() {
        sends = false;
        return this;
    }

    /** Of two faults either may be the one that is told. */
    void join(FaultPromise other) {
        other.failures.forEach((operation, words) -> words.forEach(w -> failsTo(operation, w)));
        sends &= other.sends;
    }

    /** What the message of an operation that fails has one of; empty for one that succeeds. */
    List<String> words(String operation) {
        return failures.getOrDefault(operation, List.of());
    }

    boolean sends() {
        return sends;
    }
}
