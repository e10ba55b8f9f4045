// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.regex.Pattern;

/** A script that runs in a guest beside the test. Closing it kills what it has started. */
final class GuestCommand implements AutoCloseable {
    private final Guest guest;
    private final GuestShell shell;
    private final String script;
    private final int number;

    GuestCommand(Guest guest, GuestShell shell, String script, int number) {
        this.guest = guest;
        this.shell = shell;
        this.script = script;
        this.number = number;
        // The shell that runs a script leads its process group, and is replaced by what it execs.
        shell.start("echo $$ > " + pidFile() + "\n" + script);
    }

    private String pidFile() {
        return "/run/command." + number;
    }

    String output() {
        return shell.output();
    }

    /** Sends a signal to the script, or to what it has become by exec. */
    void signal(String name) {
        guest.check("kill -" + name + " $(cat " + pidFile() + ")");
    }

    /** Waits until the output has {@code text}. */
    GuestCommand awaitOutput(String text, int seconds) {
        return awaitOutput(Pattern.compile(Pattern.quote(text)), 0, seconds);
    }

    /** Waits until the output matches from an offset on. */
    GuestCommand awaitOutput(Pattern text, int from, int seconds) {
        Patience patience = new Patience(seconds);
        String seen = output();
        while (!text.matcher(seen).find(from)) {
            if (shell.result() != null || shell.broken()) {
                throw guest.failure(script, "ended without \"" + text + "\"", output());
            }
            if (!shell.awaitChange(seen.length(), patience)) {
                throw guest.failure(script, "has not printed \"" + text + "\" in time", output());
            }
            seen = output();
        }
        return this;
    }

    /** Waits for its end. */
    GuestShell.Result await(int seconds) {
        Patience patience = new Patience(seconds);
        GuestShell.Result result = shell.result();
        while (result == null) {
            if (shell.broken()) {
                throw guest.failure(script, "has lost its guest", output());
            }
            if (!shell.awaitChange(output().length(), patience)) {
                throw guest.failure(script, "has not ended in " + seconds + " s", output());
            }
            result = shell.result();
        }
        return result;
    }

    /** Waits for its end, which has to be a success, and returns what it printed. */
    String check(int seconds) {
        GuestShell.Result result = await(seconds);
        assertEquals(0, result.exit(), () -> script + ": " + result.output());
        return result.output();
    }

    @Override
    public void close() {
        if (shell.result() == null && !shell.broken()) {
            guest.run("kill -KILL -- -$(cat " + pidFile() + ")");
            await(Guest.RUN_SECONDS);
        }
    }
}
