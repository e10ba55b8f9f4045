// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A free list without compare-and-set: shows that the runner reports what goes wrong. */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The first actor got it.")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The second actor got it.")
@Outcome(expect = FORBIDDEN, desc = "Handed out twice, or not at all.")
public class BrokenFreeList {
    private int left = 1;

    private int take() {
        int seen = left;
        for (int i = 0; i < 20; i++) {
            // Long enough for the other actor to come between on any machine.
            Thread.onSpinWait();
        }
        left = 0;
        return seen;
    }

    @Actor
    public void first(II_Result r) {
        r.r1 = take();
    }

    @Actor
    public void second(II_Result r) {
        r.r2 = take();
    }
}
