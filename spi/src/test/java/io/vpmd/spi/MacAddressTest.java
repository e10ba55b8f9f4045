// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashSet;
import java.util.Set;

class MacAddressTest {
    @Test
    void readsAndWrites() {
        MacAddress mac = MacAddress.parse("A0:36-9f:0b:CD:0e");
        assertEquals(0xa036_9f0b_cd0eL, mac.value());
        assertEquals("a0:36:9f:0b:cd:0e", mac.toString());
        assertEquals(mac, MacAddress.parse(mac.toString()));
        byte[] bytes = {(byte) 0xa0, 0x36, (byte) 0x9f, 0x0b, (byte) 0xcd, 0x0e};
        assertArrayEquals(bytes, mac.bytes());
        byte[] frame = {1, 2, (byte) 0xa0, 0x36, (byte) 0x9f, 0x0b, (byte) 0xcd, 0x0e, 3};
        assertEquals(mac, MacAddress.of(frame, 2));
        assertEquals("ff:ff:ff:ff:ff:ff", MacAddress.BROADCAST.toString());
        assertEquals("00:00:00:00:00:00", new MacAddress(0).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "02:00:00:00:00",
                "02:00:00:00:00:01:02",
                "2:0:0:0:0:1",
                "02.00.00.00.00.01",
                "020000000001",
                "0g:00:00:00:00:01",
                " 02:00:00:00:00:01",
                "02:00:00:00:00:01\n",
                "\u0660\u0662:00:00:00:00:01"
            })
    void refusesWhatIsNoAddress(String text) {
        assertEquals(
                "\"" + text + "\" is not a MAC address such as 02:00:00:00:00:01",
                assertThrows(IllegalArgumentException.class, () -> MacAddress.parse(text))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 48, -1, Long.MIN_VALUE})
    void refusesMoreThan48Bits(long value) {
        assertThrows(IllegalArgumentException.class, () -> new MacAddress(value));
    }

    @Test
    void tellsUnicastFromMulticast() {
        assertTrue(MacAddress.BROADCAST.multicast());
        assertFalse(MacAddress.BROADCAST.valid());
        assertTrue(MacAddress.parse("01:00:5e:00:00:01").multicast());
        assertFalse(MacAddress.parse("01:00:5e:00:00:01").valid());
        assertFalse(new MacAddress(0).multicast());
        assertFalse(new MacAddress(0).valid());
        assertTrue(MacAddress.parse("fe:ff:ff:ff:ff:ff").valid());
        assertTrue(MacAddress.parse("00:00:00:00:00:01").valid());
    }

    @Test
    void randomOnesAreValidAndLocallyAdministered() {
        Set<MacAddress> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            MacAddress mac = MacAddress.random();
            assertTrue(mac.valid());
            assertEquals(2, mac.bytes()[0] & 3, mac::toString);
            seen.add(mac);
        }
        assertTrue(seen.size() > 990, seen.size() + " different ones of 1000");
    }
}
