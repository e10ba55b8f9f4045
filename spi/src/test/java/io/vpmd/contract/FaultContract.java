// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vpmd.spi.hw.model.DeviceModel;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Every fault of a device in software, alone and in pairs, through open, configure, start, traffic,
 * stop and close: each ends in the error or the recovery that the driver promises, in time, and
 * nothing stays behind. Once with the fault there from the beginning, and once when it befalls a
 * port that runs. A device that is pulled out is the partner of each fault, and comes alone, at
 * each moment of {@link Removal}.
 *
 * <p>The pairs of one fault run beside each other: a driver waits, more than it works.
 */
public abstract class FaultContract<M extends DeviceModel, F extends Enum<F>> {
    private static final int AT_ONCE = 16;
    /* All of these move packets, and at the same time. */
    private static final int REMOVED_AT_ONCE = 6;
    private static final long ALL_SECONDS = 120;

    private final AtomicInteger devices = new AtomicInteger(900);

    /** A healthy device whose number no other one has. */
    protected abstract ModelFixture<M> device(int number);

    /** Makes something wrong. */
    protected abstract void set(M model, F fault);

    /** Those whose pairs are tested. */
    protected abstract List<F> faults();

    /** Those that they are paired with; the same unless a chip is tested for some only. */
    protected List<F> partners() {
        return faults();
    }

    /** What the driver does about one. */
    protected abstract FaultPromise promise(F fault);

    /** All of them with {@code VPMD_SOAK=1}, else a share. */
    protected static <F> List<F> inFullOr(List<F> share, List<F> all) {
        return Soak.rounds(1, 0) == 1 ? all : share;
    }

    /** One test for each fault and time of its appearance, and for each time of a removal. */
    @TestFactory
    final Stream<DynamicTest> faultsAndPairs() {
        List<DynamicTest> tests = new ArrayList<>();
        for (F fault : faults()) {
            tests.add(
                    DynamicTest.dynamicTest(
                            fault + " from the beginning",
                            () -> all(pairs(fault), false, Removal.NEVER)));
            tests.add(
                    DynamicTest.dynamicTest(
                            fault + " on a running port",
                            () -> all(pairs(fault), true, Removal.NEVER)));
        }
        for (Removal removal : Removal.values()) {
            if (removal != Removal.NEVER) {
                boolean late = removal != Removal.IN_OPEN;
                tests.add(
                        DynamicTest.dynamicTest(
                                "removal " + removal, () -> all(singles(), late, removal)));
            }
        }
        return tests.stream();
    }

    /** One, and each that it is paired with. */
    private List<Set<F>> pairs(F fault) {
        List<Set<F>> sets = new ArrayList<>();
        sets.add(EnumSet.of(fault));
        for (F other : partners()) {
            // Each unordered pair once.
            if (other.compareTo(fault) > 0 || !faults().contains(other)) {
                sets.add(EnumSet.of(fault, other));
            }
        }
        return sets;
    }

    /** None, and each alone. */
    private List<Set<F>> singles() {
        List<Set<F>> sets = new ArrayList<>();
        sets.add(Set.of());
        partners().forEach(fault -> sets.add(EnumSet.of(fault)));
        return sets;
    }

    private void all(List<Set<F>> sets, boolean late, Removal removal) throws InterruptedException {
        long before = descriptors();
        assertAll("each of " + sets, outcomes(sets, late, removal));
        assertEquals(before, descriptors(), "descriptors of memory and events left open");
    }

    private List<Executable> outcomes(List<Set<F>> sets, boolean late, Removal removal)
            throws InterruptedException {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (Set<F> set : sets) {
            tasks.add(
                    () -> {
                        one(set, late, removal);
                        return null;
                    });
        }
        ExecutorService threads =
                Executors.newFixedThreadPool(removal == Removal.NEVER ? AT_ONCE : REMOVED_AT_ONCE);
        List<Future<Void>> done = threads.invokeAll(tasks, ALL_SECONDS, TimeUnit.SECONDS);
        threads.shutdown();
        List<Executable> outcomes = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            Set<F> set = sets.get(i);
            Future<Void> future = done.get(i);
            outcomes.add(() -> check(set, future));
        }
        return outcomes;
    }

    private void check(Set<F> set, Future<Void> future) throws InterruptedException {
        assertFalse(future.isCancelled(), () -> set + " hangs");
        try {
            future.get();
        } catch (ExecutionException | CancellationException e) {
            throw new AssertionError(set + ": " + e.getCause(), e.getCause());
        }
    }

    private void one(Set<F> set, boolean late, Removal removal) {
        FaultPromise promise = new FaultPromise();
        set.forEach(fault -> promise.join(promise(fault)));
        ModelFixture<M> device = device(devices.incrementAndGet());
        try (FaultCase life = new FaultCase(device, promise, removal)) {
            life.run(() -> set.forEach(fault -> set(device.model(), fault)), late);
        }
    }

    /** Open descriptors of what ports and pools make: events, epoll sets, memory files. */
    private static long descriptors() {
        long count = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path fd : all) {
                String target = target(fd);
                count += target.contains("[event") || target.contains("memfd:") ? 1 : 0;
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return count;
    }

    private static String target(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString();
        } catch (IOException _) {
            // Closed since it was listed.
            return "";
        }
    }
}
