// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;

/** Any text as a port spec; {@code JAZZER_FUZZ=1} makes Jazzer look for bad ones. */
class PortSpecFuzzTest {
    private static final String[] SEEDS = {
        "echo",
        "net_kni:vEth0,backend=tap,mtu=1500,netns=blue",
        "net_ixgbe:model,wire=[net_echo:0,ip=192.168.210.2]",
        "net_x:0,a=[net_y:0,b=[net_z:0,c=d]],e=\"f,g\",h=",
        "net_x:0,a=\"b",
        "net_x:0,a=[b",
        "net_x:0,a=b],c=d\"",
        "net_x:0,a=\"b\"c",
        "net_x:0,,=",
    };

    /** Pieces of which the texts made at random consist. */
    private static final String[] PIECES = {
        "net_x", ":", ",", "=", "[", "]", "\"", "a", "b=", ",c=", "=[net_y:0", " ", "\0", "\u20ac"
    };

    static Stream<Arguments> seedArguments() {
        return Stream.of(SEEDS).map(s -> Arguments.of(s.getBytes(StandardCharsets.UTF_8)));
    }

    @MethodSource("seedArguments")
    @FuzzTest(maxDuration = "30s")
    void anyText(byte[] input) {
        if (input != null) {
            parses(new String(input, StandardCharsets.UTF_8));
        }
    }

    /** Whether a text is a spec. If so its own text is one as well, else one sentence says why. */
    private static boolean parses(String text) {
        PortSpec spec;
        try {
            spec = PortSpec.parse(text);
        } catch (SpecException e) {
            String start = "port spec \"" + text + "\": ";
            assertTrue(e.getMessage().startsWith(start), e.getMessage());
            assertTrue(e.getMessage().length() > start.length() + 10, e.getMessage());
            return false;
        }
        assertEquals(spec, PortSpec.parse(spec.toString()), text);
        assertTrue(spec.driver().matches("[A-Za-z0-9_]+"), text);
        assertFalse(spec.device().isEmpty(), text);
        spec.options().keySet().forEach(key -> assertTrue(key.matches("[A-Za-z0-9_-]+"), text));
        return true;
    }

    @Test
    void textsMadeOfThePiecesOfSpecs() {
        Random random = new Random(1);
        int good = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder("net_x:0,a=");
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            good += parses(text.substring(random.nextInt(8) == 0 ? random.nextInt(9) : 0)) ? 1 : 0;
        }
        assertTrue(good > 10_000 && good < 90_000, good + " of 100000 were specs");
    }
}
