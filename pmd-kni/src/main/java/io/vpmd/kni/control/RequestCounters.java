// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** How many requests there were and what became of them. Any thread. */
final class RequestCounters {
    /** Calls of handlers. */
    final AtomicLong delivered = new AtomicLong();

    /** Refused by a handler or the port, while the kernel had the value. */
    final AtomicLong refused = new AtomicLong();

    /** Refused and put back: fewer than refused only where the kernel refused the put-back. */
    final AtomicLong putBack = new AtomicLong();

    /** Refused when the kernel had another value already. */
    final AtomicLong superseded = new AtomicLong();

    void addTo(Map<String, Long> xstats) {
        xstats.put("kernel_requests", delivered.get());
        xstats.put("kernel_requests_refused", refused.get());
        xstats.put("kernel_put_backs", putBack.get());
        xstats.put("kernel_requests_superseded", superseded.get());
    }
}
