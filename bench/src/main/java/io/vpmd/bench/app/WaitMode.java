// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.app;

/** What a forwarding thread does when no packet arrives. */
public enum WaitMode {
    /** Asks again at once: lowest latency, one core busy. */
    POLL,
    /** Asks about 100 times, then sleeps until a queue signals. */
    ADAPTIVE
}
