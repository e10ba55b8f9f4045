// SPDX-License-Identifier: Apache-2.0
package io.vpmd.kni;

import io.vpmd.spi.Port;
import io.vpmd.spi.PortException;
import io.vpmd.spi.feature.KernelHandlers;
import io.vpmd.spi.feature.KernelRequests;
import io.vpmd.spi.mbuf.MbufPool;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * A process of a test that owns an interface's handlers ({@code control}) or the interface as well
 * ({@code port}). It does what its lines say and prints what its handlers are asked.
 */
final class ControlChild {
    private ControlChild() {}

    public static void main(String[] arguments) throws Exception {
        String name = arguments[1];
        String netns = arguments[2];
        if (arguments[0].equals("control")) {
            try (KniControl control = Kni.control(name, netns)) {
                obey(control);
            }
            return;
        }
        try (MbufPool pool = MbufPool.create("child", 1024);
                Port port = Kni.alloc(pool, KniConf.of(name).withNetns(netns))) {
            obey((KernelRequests) port);
        }
    }

    private static void obey(KernelRequests requests) throws Exception {
        System.out.println("ready");
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            try {
                switch (line) {
                    case "register" -> requests.registerHandlers(new Printer());
                    case "unregister" -> requests.unregisterHandlers();
                    default -> throw new IllegalArgumentException(line);
                }
                System.out.println("done " + line);
            } catch (PortException e) {
                System.out.println("failed " + e.getMessage());
            }
        }
    }

    private static final class Printer implements KernelHandlers {
        @Override
        public boolean changeMtu(int mtu) {
            System.out.println("mtu " + mtu);
            return mtu != 1313;
        }

        @Override
        public boolean configNetworkIf(boolean up) {
            System.out.println("up " + up);
            return true;
        }
    }
}
