// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.kni.control.Setting.Outcome;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Refusals and put-backs, with an administrator who changes the value at the worst moments. */
final class SettingTest {
    /** A kernel whose value somebody changes between any two steps. */
    private static final class ScriptedKernel implements Setting.Kernel<Integer> {
        private final Random random;
        private int changesLeft;
        private int value;
        private int lastByUser;
        private int writes;

        ScriptedKernel(long seed, int value) {
            random = new Random(seed);
            changesLeft = random.nextInt(5);
            this.value = value;
            lastByUser = value;
        }

        /** Perhaps the administrator does something now; notes the values in between. */
        void meanwhile(List<Integer> seen, int most) {
            for (int i = 0; i < most && changesLeft > 0 && random.nextInt(3) == 0; i++) {
                changesLeft--;
                int next = 1 + random.nextInt(6);
                if (next != value) {
                    // Setting what is there already is no event and cannot be seen by anybody.
                    value = next;
                    lastByUser = next;
                    seen.add(next);
                }
            }
        }

        @Override
        public Integer now() {
            meanwhile(new ArrayList<>(), 5);
            return value;
        }

        @Override
        public List<Integer> write(Integer to) {
            writes++;
            List<Integer> seen = new ArrayList<>();
            // Two changes in the microseconds before a write, the first of them to the very value
            // that is written, cannot be told from two changes after it.
            meanwhile(seen, 1);
            if (value != to) {
                value = to;
                seen.add(to);
            }
            meanwhile(seen, 5);
            return seen;
        }
    }

    /** Odd values are refused. */
    private static boolean acceptable(int value) {
        return value % 2 == 0;
    }

    @Test
    void bothSidesAgreeInTheEndWhateverComesBetween() {
        for (long seed = 0; seed < 20_000; seed++) {
            int start = 100;
            ScriptedKernel kernel = new ScriptedKernel(seed, start);
            Setting<Integer> setting = new Setting<>(start);
            int putBacks = 0;
            int rounds = 0;
            while (true) {
                Integer asked = setting.pending(kernel.now());
                if (asked == null && kernel.changesLeft == 0) {
                    break;
                }
                if (asked == null) {
                    continue;
                }
                assertTrue(++rounds < 50, "no end, seed " + seed);
                Outcome outcome = setting.settle(asked, acceptable(asked), kernel);
                putBacks += outcome == Outcome.PUT_BACK ? 1 : 0;
            }
            assertEquals(setting.accepted(), kernel.value, "they differ, seed " + seed);
            assertTrue(kernel.writes <= rounds, "more writes than requests, seed " + seed);
            assertTrue(putBacks <= kernel.writes, "seed " + seed);
            if (acceptable(kernel.lastByUser)) {
                assertEquals(kernel.lastByUser, kernel.value, "a change was lost, seed " + seed);
            }
        }
    }

    /** Returns what it is told, and remembers what was written. */
    private record FixedKernel(Integer now, List<Integer> seen, List<Integer> written)
            implements Setting.Kernel<Integer> {
        FixedKernel(int now, Integer... seen) {
            this(now, List.of(seen), new ArrayList<>());
        }

        @Override
        public List<Integer> write(Integer value) {
            written.add(value);
            return seen;
        }
    }

    @Test
    void aRefusedValueIsPutBackOnce() {
        Setting<Integer> mtu = new Setting<>(1500);
        assertEquals(1400, mtu.pending(1400));
        FixedKernel kernel = new FixedKernel(1400, 1500);
        assertEquals(Outcome.PUT_BACK, mtu.settle(1400, false, kernel));
        assertEquals(List.of(1500), kernel.written());
        assertNull(mtu.pending(1500));
    }

    @Test
    void aRefusalThatComesTooLatePutsNothingBack() {
        Setting<Integer> mtu = new Setting<>(1500);
        FixedKernel kernel = new FixedKernel(1200);
        assertEquals(Outcome.SUPERSEDED, mtu.settle(1400, false, kernel));
        assertEquals(List.of(), kernel.written());
        assertEquals(1200, mtu.pending(1200));
    }

    @Test
    void anOverwrittenValueIsAskedAboutAndRestored() {
        Setting<Integer> mtu = new Setting<>(1500);
        mtu.settle(1400, false, new FixedKernel(1400, 1400, 1200, 1500, 1500));
        assertEquals(1200, mtu.pending(1500));
        FixedKernel kernel = new FixedKernel(1500, 1200);
        assertEquals(Outcome.ACCEPTED, mtu.settle(1200, true, kernel));
        assertEquals(List.of(1200), kernel.written());
        assertEquals(1200, mtu.accepted());
    }

    @Test
    void anOverwrittenValueThatIsRefusedTooIsForgotten() {
        Setting<Integer> mtu = new Setting<>(1500);
        mtu.settle(1400, false, new FixedKernel(1400, 1200, 1500));
        FixedKernel kernel = new FixedKernel(1500);
        assertEquals(Outcome.SUPERSEDED, mtu.settle(1200, false, kernel));
        assertEquals(List.of(), kernel.written());
        assertNull(mtu.pending(1500));
    }

    @Test
    void theApplicationsOwnChangeIsNoRequest() {
        Setting<Integer> mtu = new Setting<>(1500);
        mtu.apply(9000, new FixedKernel(1500, 9000));
        assertNull(mtu.pending(9000));
        FixedKernel same = new FixedKernel(1400);
        mtu.apply(1400, same);
        assertEquals(List.of(), same.written());
    }
}
