// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.mbuf;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Races of two threads on a {@link FreeList}: no buffer is handed out twice, none is lost. */
public class FreeListStress {
    private static final int ACTORS = 2;

    /** The list, and what each actor holds in the end: counted, never negative. */
    static class Shared {
        final FreeList list;
        private final int size;
        private final int[][] held = new int[ACTORS][];
        private final int[] count = new int[ACTORS];

        Shared(int size) {
            this.size = size;
            list = new FreeList(size);
            for (int actor = 0; actor < ACTORS; actor++) {
                held[actor] = new int[2 * FreeList.BULK];
            }
        }

        /** As many bulks as numbers are given, the first one at the bottom. */
        final void fill(int... bulkSizes) {
            int next = 0;
            for (int n : bulkSizes) {
                int[] bulk = new int[n];
                for (int i = 0; i < n; i++) {
                    bulk[i] = next++;
                }
                list.push(bulk, 0, n);
            }
        }

        final void hold(int actor, int index) {
            held[actor][count[actor]++] = index;
        }

        final int take(int actor) {
            int n = list.pop(held[actor], count[actor]);
            count[actor] += n;
            return n;
        }

        /** Gives back the buffer that the actor has held for longest. */
        final void giveOldest(int actor) {
            if (count[actor] > 0) {
                list.push(held[actor][0]);
                count[actor]--;
                System.arraycopy(held[actor], 1, held[actor], 0, count[actor]);
            }
        }

        /** Gives back all that the actor holds, as one bulk. */
        final void giveAll(int actor) {
            if (count[actor] > 0) {
                list.push(held[actor], 0, count[actor]);
                count[actor] = 0;
            }
        }

        /** 1 when every buffer is held by one actor or stands once in the list, else a mask. */
        final int account() {
            int[] seen = new int[size];
            int[] into = new int[FreeList.BULK];
            int inList = list.count();
            for (int n = list.pop(into, 0), taken = 0; n > 0; n = list.pop(into, 0)) {
                taken += n;
                for (int i = 0; i < n; i++) {
                    seen[into[i]]++;
                }
                if (taken > size) {
                    return 0x2000;
                }
                inList -= n;
            }
            for (int actor = 0; actor < ACTORS; actor++) {
                for (int i = 0; i < count[actor]; i++) {
                    seen[held[actor][i]]++;
                }
            }
            int problems = inList == 0 ? 0 : 0x4000;
            for (int times : seen) {
                problems |= times == 0 ? 0x1000 : times > 1 ? 0x2000 : 0;
            }
            return problems == 0 ? 1 : problems;
        }
    }

    /** Two takers, one buffer. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The first actor got it.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The second actor got it.")
    @Outcome(expect = FORBIDDEN, desc = "Handed out twice, or not at all.")
    public static class OneBufferTwoTakers extends Shared {
        public OneBufferTwoTakers() {
            super(1);
            fill(1);
        }

        @Actor
        public void first(II_Result r) {
            r.r1 = take(0);
        }

        @Actor
        public void second(II_Result r) {
            r.r2 = take(1);
        }
    }

    /** Two takers, bulks of several sizes. */
    @JCStressTest
    @State
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Every buffer is there once.")
    @Outcome(expect = FORBIDDEN, desc = "0x1000: lost; 0x2000: there twice; 0x4000: miscounted.")
    public static class TwoTakers extends Shared {
        public TwoTakers() {
            super(9);
            fill(3, 1, 2, 3);
        }

        @Actor
        public void first() {
            take(0);
            take(0);
        }

        @Actor
        public void second() {
            take(1);
            take(1);
        }

        @Arbiter
        public void account(I_Result r) {
            r.r1 = account();
        }
    }

    /** A bulk that is seen at all is seen whole, with its links. */
    @JCStressTest
    @State
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The taker came first.")
    @Outcome(id = "3, 1", expect = ACCEPTABLE, desc = "The taker got the bulk.")
    @Outcome(expect = FORBIDDEN, desc = "Part of a bulk, or wrong accounts.")
    public static class TakerAndGiver extends Shared {
        public TakerAndGiver() {
            super(3);
        }

        @Actor
        public void give() {
            list.push(new int[] {2, 0, 1}, 0, 3);
        }

        @Actor
        public void take(II_Result r) {
            r.r1 = take(0);
        }

        @Arbiter
        public void account(II_Result r) {
            r.r2 = account();
        }
    }

    /**
     * The ABA case: the second actor takes two buffers and puts the first one back, so that the top
     * is what the first actor read while the buffer below it is not in the list any more.
     */
    @JCStressTest
    @State
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Every buffer is there once.")
    @Outcome(expect = FORBIDDEN, desc = "0x1000: lost; 0x2000: there twice; 0x4000: miscounted.")
    public static class TakeAgainstTakeTakeGive extends Shared {
        public TakeAgainstTakeTakeGive() {
            super(3);
            fill(1, 1, 1);
        }

        @Actor
        public void take() {
            take(0);
        }

        @Actor
        public void takeTakeGive() {
            take(1);
            take(1);
            giveOldest(1);
        }

        @Arbiter
        public void account(I_Result r) {
            r.r1 = account();
        }
    }

    /** Each actor gives a buffer of its own and takes whatever is there. */
    @JCStressTest
    @State
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Every buffer is there once.")
    @Outcome(expect = FORBIDDEN, desc = "0x1000: lost; 0x2000: there twice; 0x4000: miscounted.")
    public static class GiveTakeAgainstGiveTake extends Shared {
        public GiveTakeAgainstGiveTake() {
            super(5);
            fill(2, 1);
            hold(0, 3);
            hold(1, 4);
        }

        @Actor
        public void first() {
            giveOldest(0);
            take(0);
        }

        @Actor
        public void second() {
            giveOldest(1);
            take(1);
        }

        @Arbiter
        public void account(I_Result r) {
            r.r1 = account();
        }
    }

    /** Full bulks, which are copied into rows that both actors use in turn. */
    @JCStressTest
    @State
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Every buffer is there once.")
    @Outcome(expect = FORBIDDEN, desc = "0x1000: lost; 0x2000: there twice; 0x4000: miscounted.")
    public static class FullBulks extends Shared {
        public FullBulks() {
            super(2 * FreeList.BULK);
            fill(FreeList.BULK);
            for (int i = FreeList.BULK; i < 2 * FreeList.BULK; i++) {
                hold(1, i);
            }
        }

        @Actor
        public void takeGiveTake() {
            take(0);
            giveAll(0);
            take(0);
        }

        @Actor
        public void giveTake() {
            giveAll(1);
            take(1);
        }

        @Arbiter
        public void account(I_Result r) {
            r.r1 = account();
        }
    }
}
