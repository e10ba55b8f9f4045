// SPDX-License-Identifier: Apache-2.0
package io.vpmd.contract.qtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Where QEMU is: in {@code VPMD_QEMU}, in the folder of bench/lab/setup, or on the path. */
public final class Lab {
    private static final String PROGRAM = "qemu-system-x86_64";
    private static final Map<String, String> MISSING = new ConcurrentHashMap<>();

    private Lab() {}

    /** Why no QEMU with this device can be started here; empty when one can. */
    public static String missing(String device) {
        return MISSING.computeIfAbsent(device, Lab::look);
    }

    private static String look(String device) {
        List<Path> candidates = candidates();
        for (Path program : candidates) {
            if (offers(program, device)) {
                return "";
            }
        }
        return "needs a QEMU with the device "
                + device
                + " (looked for "
                + candidates
                + "); run bench/lab/setup";
    }

    /** The QEMU that has this device. */
    public static Path qemu(String device) {
        return candidates().stream().filter(p -> offers(p, device)).findFirst().orElseThrow();
    }

    /** Why no guest can be booted here; empty when one can. */
    public static String guestMissing() {
        return guestMissing("guest");
    }

    /** Why no guest can be booted here that is in this folder of the lab; empty when one can. */
    public static String guestMissing(String folder) {
        String missing = missing("igb");
        Path guest = home().resolve(folder);
        if (missing.isEmpty() && !Files.exists(guest.resolve("kernel"))) {
            return "needs the kernel and the root file system of "
                    + guest
                    + "; run bench/lab/setup";
        }
        return missing;
    }

    /**
     * Skips the test for this reason unless it is empty; with {@code VPMD_LAB=required} in the
     * environment fails it.
     */
    public static void need(String missing) {
        if ("required".equals(System.getenv("VPMD_LAB"))) {
            assertEquals("", missing, "VPMD_LAB=required");
        }
        assumeTrue(missing.isEmpty(), missing);
    }

    private static List<Path> candidates() {
        List<Path> all = new ArrayList<>();
        String own = System.getenv("VPMD_QEMU");
        if (own != null) {
            all.add(Path.of(own));
        }
        all.add(home().resolve(PROGRAM));
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            Path program = Path.of(folder, PROGRAM);
            if (Files.isExecutable(program)) {
                all.add(program);
            }
        }
        return all;
    }

    /** The folder of bench/lab/setup. */
    public static Path home() {
        String lab = System.getenv("VPMD_LAB_HOME");
        if (lab != null) {
            return Path.of(lab);
        }
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache != null ? Path.of(cache) : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("vpmd/lab");
    }

    private static boolean offers(Path program, String device) {
        if (!Files.isExecutable(program)) {
            return false;
        }
        try {
            Path out = Files.createTempFile("vpmd-qemu", ".txt");
            Process help =
                    new ProcessBuilder(program.toString(), "-device", "help")
                            .redirectErrorStream(true)
                            .redirectOutput(out.toFile())
                            .start();
            boolean ended = help.waitFor(20, TimeUnit.SECONDS);
            help.destroyForcibly();
            String text = Files.readString(out);
            Files.delete(out);
            return ended && text.contains(String.format(Locale.ROOT, "name \"%s\"", device));
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
