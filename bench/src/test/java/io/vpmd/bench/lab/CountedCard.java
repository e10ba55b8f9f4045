// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortConfig;
import io.vpmd.spi.PortStats;
import io.vpmd.spi.Ports;
import io.vpmd.spi.feature.RegisterDump;
import io.vpmd.spi.mbuf.Mbuf;
import io.vpmd.spi.mbuf.MbufPool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Sends back what a card receives, as often as it is told, then prints all counters and writes the
 * register dump to a file; the card stays open until the process is killed. Runs inside a guest.
 */
final class CountedCard {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

    private CountedCard() {}

    public static void main(String[] arguments) throws IOException {
        Port port = Ports.open("net_igb:" + arguments[0]);
        int frames = Integer.parseInt(arguments[1]);
        MbufPool pool = MbufPool.create("counted", 4096);
        port.configure(PortConfig.of(pool).withRings(512, 512));
        port.start();
        // What the other end sends reaches it whatever address it is for.
        port.setPromiscuous(true);
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!port.link().up()) {
            check(end, "no link");
        }
        say("ready");
        sendBack(port, frames, end);
        while (port.stats().txPackets() < frames) {
            check(end, "not all are sent: " + port.stats());
        }
        PortStats stats = port.stats();
        say("rx_packets " + stats.rxPackets());
        say("rx_bytes " + stats.rxBytes());
        say("tx_packets " + stats.txPackets());
        say("tx_bytes " + stats.txBytes());
        say("rx_dropped " + stats.rxDropped());
        port.xstats().forEach((name, value) -> say(name + " " + value));
        RegisterDump dump = port.feature(RegisterDump.class).orElseThrow();
        Files.write(Path.of(arguments[2]), dump.dump());
        say("version " + dump.version());
        say("written");
        while (true) {
            Thread.onSpinWait();
        }
    }

    private static void sendBack(Port port, int frames, long end) {
        Mbuf[] burst = new Mbuf[32];
        for (int done = 0; done < frames; ) {
            int n = port.rxQueue(0).rxBurst(burst, 0, Math.min(burst.length, frames - done));
            for (int sent = 0; sent < n; ) {
                sent += port.txQueue(0).txBurst(burst, sent, n - sent);
            }
            done += n;
            check(end, "only " + done + " frames came");
        }
    }

    private static void check(long end, String problem) {
        if (System.nanoTime() - end > 0) {
            say("failed: " + problem);
            Runtime.getRuntime().halt(1);
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
