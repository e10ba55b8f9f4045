// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** demo and kni as processes of their own, on this kernel. */
@Timeout(60)
class KniSystemTest {
    private Namespaces namespaces;
    private String ns;

    @BeforeEach
    void namespace() {
        namespaces = new Namespaces();
        ns = namespaces.add();
    }

    @AfterEach
    void delete() {
        // Making them skips the test where that is not possible.
        if (namespaces != null) {
            namespaces.close();
        }
    }

    private static String interfacesOf(String namespace) {
        return Shell.in(namespace, "ip -br link");
    }

    /** The kernel takes an interface down a moment after its last descriptor is closed. */
    private void assertOnlyLoopback() {
        long limit = System.nanoTime() + 2_000_000_000L;
        while (interfacesOf(ns).lines().count() > 1 && System.nanoTime() < limit) {
            LockSupport.parkNanos(10_000_000);
        }
        assertEquals(1, interfacesOf(ns).lines().count(), () -> interfacesOf(ns));
        assertEquals("", Shell.in(ns, "ip route"));
    }

    @Test
    void demoPingsAndLeavesNothing() {
        assumeTrue(Shell.has("ping"), "needs ping (package iputils-ping)");
        try (Started demo = Started.vpmdIn(ns, "demo --seconds 1")) {
            assertEquals(0, demo.await(), demo::output);
            assertTrue(demo.output().contains(" 0% packet loss"), demo::output);
            assertTrue(
                    demo.output().contains("**KNI example application statistics**"), demo::output);
        }
        assertOnlyLoopback();
    }

    @Test
    void demoWithAnAddressThatIsInUse() {
        Shell.in(ns, "ip addr add 192.168.210.9/24 dev lo");
        try (Started demo = Started.vpmdIn(ns, "demo --seconds 1")) {
            assertEquals(1, demo.await(), demo::output);
            assertTrue(demo.output().contains("uses 192.168.210.9 already"), demo::output);
            assertEquals(1, demo.output().lines().count(), demo::output);
        }
    }

    @Test
    void sigkillLeavesNothing() {
        try (Started kni = startKni("")) {
            assertTrue(interfacesOf(ns).contains("vEth0"));
            kni.signal("KILL");
            assertEquals(137, kni.await());
        }
        assertOnlyLoopback();
    }

    private Started startKni(String more) {
        Started kni = Started.vpmdIn(ns, "kni --port net_echo:0 -p 0x1 --config (0,0,0)" + more);
        return kni.awaitOutput("Zero KNI Statistics");
    }

    @Test
    void signalsOfTheSampleApplication() throws IOException {
        try (Started kni = startKni("")) {
            String comm = Files.readString(Path.of("/proc/" + kni.pid() + "/comm"));
            assertEquals("kni", comm.strip());
            assertTrue(kni.output().contains("kill -SIGUSR1 " + kni.pid()), kni::output);
            Shell.in(ns, "ip link set vEth0 up");
            Shell.in(ns, "ip addr add 192.168.210.1/24 dev vEth0");
            Shell.in(ns, "ping -q -c 3 -i 0.2 -W 5 192.168.210.2");
            kni.signal("USR1");
            kni.awaitOutput("**KNI example application statistics**");
            assertTrue(kni.output().matches("(?s).*\n {6}0 +0/ 0 +[1-9].*"), kni::output);
            kni.signal("USR2");
            kni.awaitOutput("** Statistics have been reset **");
            kni.signal("TERM");
            assertEquals(0, kni.await(), kni::output);
        }
        assertOnlyLoopback();
    }

    @Test
    void interruptEndsCleanlyAndMirrorsLinks() {
        try (Started kni = startKni(" -m -P")) {
            kni.awaitOutput("Port 0 link up");
            kni.signal("INT");
            assertEquals(0, kni.await(), kni::output);
        }
        assertOnlyLoopback();
    }

    /** Signals all the way through the start: none may end the process. */
    @Test
    void earlySignalsDoNoHarm() {
        try (Started kni =
                Started.vpmdIn(ns, "kni --port echo -p 1 --config (0,0,0) --wait poll")) {
            awaitLauncher(kni);
            for (int i = 0; i < 60 && !kni.output().contains("Zero KNI"); i++) {
                kni.signal("USR1");
                kni.signal("USR2");
                LockSupport.parkNanos(5_000_000);
            }
            kni.awaitOutput("Zero KNI Statistics");
            kni.signal("TERM");
            assertEquals(0, kni.await(), kni::output);
        }
    }

    /** Before the launcher's first line runs, the process is ip or bash without its trap. */
    private static void awaitLauncher(Started process) {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        long limit = System.nanoTime() + 10_000_000_000L;
        while (System.nanoTime() < limit) {
            try (var lines = Files.lines(status)) {
                String ignored = lines.filter(l -> l.startsWith("SigIgn:")).findFirst().orElse("0");
                long mask = Long.parseUnsignedLong(ignored.replaceFirst("SigIgn:\\s*", ""), 16);
                if ((mask >>> 9 & 1) != 0) {
                    return;
                }
            } catch (IOException _) {
                // Not there yet, or gone: the deadline tells.
            }
            LockSupport.parkNanos(1_000_000);
        }
        throw new AssertionError("the launcher ignores no SIGUSR1");
    }

    @Test
    void kernelCoresMakeMoreInterfaces() {
        try (Started kni =
                Started.vpmdIn(
                        ns, "kni --port net_echo:0 -p 1 --config (0,0,0,0,0) --backend tap")) {
            kni.awaitOutput("Zero KNI Statistics");
            assertTrue(interfacesOf(ns).contains("vEth0_0"), () -> interfacesOf(ns));
            assertTrue(interfacesOf(ns).contains("vEth0_1"), () -> interfacesOf(ns));
            assertTrue(kni.output().contains("bind a thread with kni.ko"), kni::output);
        }
    }

    @Test
    void aTakenNameIsOneSentenceWithItsOwner() {
        try (Started first = startKni("");
                Started second =
                        Started.vpmdIn(ns, "kni --port net_echo:0 -p 1 --config (0,0,0)")) {
            assertEquals(1, second.await(), second::output);
            assertEquals(1, second.output().lines().count(), second::output);
            assertTrue(second.output().contains("vEth0"), second::output);
            assertTrue(second.output().contains(String.valueOf(first.pid())), second::output);
        }
    }

    @Test
    void withoutPrivilegeIsOneSentence() {
        assumeTrue(Shell.has("setpriv"), "needs setpriv (package util-linux)");
        try (Started run =
                Started.vpmd(
                        List.of(
                                "ip",
                                "netns",
                                "exec",
                                ns,
                                "setpriv",
                                "--bounding-set=-all",
                                "--inh-caps=-all"),
                        "testpmd --port net_kni:v0")) {
            assertEquals(1, run.await(), run::output);
            assertEquals(1, run.output().lines().count(), run::output);
            assertTrue(run.output().contains("CAP_NET_ADMIN"), run::output);
        }
    }
}
