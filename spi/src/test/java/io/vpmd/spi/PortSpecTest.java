// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class PortSpecTest {
    private static PortSpec withValue(String value) {
        return new PortSpec("net_x", "0", Map.of("k", value));
    }

    private static void assertRefused(String text, String problem) {
        SpecException e = assertThrows(SpecException.class, () -> PortSpec.parse(text));
        assertEquals("port spec \"" + text + "\": " + problem, e.getMessage());
    }

    @Test
    void splitsAtTheFirstColon() {
        assertEquals(
                new PortSpec("net_igb", "0000:01:00.0", Map.of("rxq", "4")),
                PortSpec.parse("net_igb:0000:01:00.0,rxq=4"));
        assertEquals(
                new PortSpec("net_ixgbe", "vfio-user:/run/nic.sock", Map.of()),
                PortSpec.parse("net_ixgbe:vfio-user:/run/nic.sock"));
    }

    @Test
    void keepsTheOrderOfTheOptions() {
        PortSpec spec =
                PortSpec.parse("net_kni:vEth0,netns=blue,backend=tap,mtu=1500,carrier=on,a=1,z=2");
        assertEquals(
                List.of("netns", "backend", "mtu", "carrier", "a", "z"),
                List.copyOf(spec.options().keySet()));
        assertEquals(Optional.of("tap"), spec.option("backend"));
        assertEquals(Optional.empty(), spec.option("peer"));
        assertEquals("blue", spec.option("netns", "red"));
        assertEquals("red", spec.option("peer", "red"));
    }

    @Test
    void optionsCannotBeChangedAfterwards() {
        Map<String, String> options = new LinkedHashMap<>(Map.of("mtu", "1500"));
        PortSpec spec = new PortSpec("net_x", "0", options);
        options.put("mtu", "68");
        assertEquals("1500", spec.option("mtu", ""));
        assertThrows(UnsupportedOperationException.class, () -> spec.options().put("a", "b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo", "ring", "null"})
    void shortNames(String name) {
        assertEquals(new PortSpec("net_" + name, "0", Map.of()), PortSpec.parse(name));
    }

    @Test
    void aSpecInBracketsNests() {
        String inner = "net_kni:vEth1,backend=tap,wire=[net_echo:0,ip=10.0.0.1]";
        PortSpec outer = PortSpec.parse("net_trace:0,port=[" + inner + "],file=x");
        assertEquals(Map.of("port", inner, "file", "x"), outer.options());
        assertEquals(
                "net_echo:0,ip=10.0.0.1",
                PortSpec.parse(outer.option("port", "")).option("wire", ""));
    }

    @Test
    void quotesProtectCommasAndBrackets() {
        PortSpec spec = PortSpec.parse("net_x:0,file=\"a,b=c].pcap\",n=1,empty=,none=\"\"");
        assertEquals(
                Map.of("file", "a,b=c].pcap", "n", "1", "empty", "", "none", ""), spec.options());
        assertEquals("a\"b", PortSpec.parse("net_x:0,k=a\"b").option("k", ""));
        assertEquals("a=b", PortSpec.parse("net_x:0,k=a=b").option("k", ""));
    }

    @Test
    void refusesWhatHasNoDriver() {
        String noColon = "it has no colon; write driver:device, for example net_kni:vEth0";
        assertRefused("", noColon);
        assertRefused("vEth0", noColon);
        assertRefused("echo,ip=10.0.0.1", noColon);
        assertRefused("Echo", noColon);
        assertRefused(":0", "\"\" is not the name of a driver");
        assertRefused("net-kni:vEth0", "\"net-kni\" is not the name of a driver");
        assertRefused(" net_kni:vEth0", "\" net_kni\" is not the name of a driver");
        assertRefused("echo,mac=02:0", "\"echo,mac=02\" is not the name of a driver");
    }

    @Test
    void refusesWhatHasNoDevice() {
        assertRefused("net_kni:", "there is no device behind the first colon");
        assertRefused("net_kni:,mtu=1500", "there is no device behind the first colon");
    }

    @Test
    void refusesWhatIsNoOption() {
        assertRefused("net_x:0,", "at \"\" key=value is missing");
        assertRefused("net_x:0,mtu", "at \"mtu\" key=value is missing");
        assertRefused("net_x:0,mtu:1500", "at \"mtu:1500\" key=value is missing");
        assertRefused("net_x:0,mtu,rxq=4", "at \"mtu,rxq=4\" key=value is missing");
        assertRefused("net_x:0,,mtu=1", "at \",mtu=1\" key=value is missing");
        assertRefused("net_x:0, mtu=1", "at \" mtu=1\" key=value is missing");
        assertRefused("net_x:0,=1", "at \"=1\" key=value is missing");
        assertRefused("net_x:0,a=1,b=2,a=1", "the key a stands there twice");
    }

    @Test
    void refusesWhatIsNotClosed() {
        assertRefused("net_x:0,a=\"b,c=d", "a double quote is not closed");
        assertRefused("net_x:0,a=[net_y:0,b=[net_z:0]", "a square bracket is not closed");
        assertRefused("net_x:0,a=[net_y:0]]", "a comma is missing before \"]\"");
        assertRefused("net_x:0,a=\"b\"c,d=e", "a comma is missing before \"c,d=e\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "net_echo:0",
                "net_kni:vEth0,backend=tap,mtu=1500,netns=blue",
                "net_igb:0000:01:00.0,rxq=4",
                "net_ixgbe:model,wire=[net_echo:0,ip=192.168.210.2]",
                "net_x:0,a=[net_y:0,b=[net_z:0,c=d]],e=f",
                "net_x:0,file=\"a,b\"",
                "net_x:0,empty="
            })
    void textOfASpecIsTheOneItWasReadFrom(String text) {
        assertEquals(text, PortSpec.parse(text).toString());
    }

    /** Values that need care: each can be written in one of the three ways, not in any. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"",
                "\"a",
                "a\"",
                "\"a\"",
                "[",
                "]",
                "[a",
                "a]",
                "a]\"",
                "[a]",
                "a,b",
                "a,\"b\"",
                "a:1,2",
                "a:]",
                "a:[",
                "a:b,]",
                "][",
                "a:1,b=\"c,d\"",
                "net_x:0,a=\"b,[c]\""
            })
    void everyValueIsReadBack(String value) {
        PortSpec spec = withValue(value);
        assertEquals(spec, PortSpec.parse(spec.toString()), spec.toString());
    }

    @Test
    void numbers() {
        assertEquals(7, withValue("7").intOption("k", 1, 0, 9));
        assertEquals(0, withValue("0").intOption("k", 1, 0, 9));
        assertEquals(9, withValue("9").intOption("k", 1, 0, 9));
        assertEquals(-1, withValue("x").intOption("other", -1, 0, 9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "10", "", "x", "1.5", "0x5", "99999999999", " 1"})
    void refusesNumbersOutOfRange(String value) {
        assertEquals(
                "port spec \"net_x:0,k="
                        + value
                        + "\": k="
                        + value
                        + " is wrong, it must be a number from 0 to 9",
                assertThrows(SpecException.class, () -> withValue(value).intOption("k", 1, 0, 9))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource({"on,true", "1,true", "off,false", "0,false"})
    void switches(String value, boolean on) {
        assertEquals(on, withValue(value).booleanOption("k", !on));
        assertTrue(withValue(value).booleanOption("other", true));
        assertFalse(withValue(value).booleanOption("other", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "true", "ON", ""})
    void refusesOtherSwitches(String value) {
        String message =
                assertThrows(SpecException.class, () -> withValue(value).booleanOption("k", true))
                        .getMessage();
        assertTrue(message.endsWith("k=" + value + " is wrong, it must be on or off"), message);
    }

    @Test
    void macAddresses() {
        assertEquals(
                Optional.of(new MacAddress(0x0200_0000_0001L)),
                withValue("02:00:00:00:00:01").macOption("k"));
        assertEquals(Optional.empty(), withValue("x").macOption("other"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "02:00:00:00:00", "01:00:5e:00:00:01", "00:00:00:00:00:00", "0x1"})
    void refusesAddressesThatNoPortCanHave(String value) {
        String message =
                assertThrows(SpecException.class, () -> withValue(value).macOption("k"))
                        .getMessage();
        assertTrue(
                message.endsWith(
                        "k="
                                + value
                                + " is wrong, it must be a unicast MAC address such as"
                                + " 02:00:00:00:00:01"),
                message);
    }
}
