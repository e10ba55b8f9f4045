// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vpmd.igb.model.IgbModel;
import io.vpmd.igb.model.IgbModelChip;
import io.vpmd.spi.MacAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.Stream;

/** The kernel's own igb drives each of our models over vfio-user (T2). */
class ServedNicGuestTest extends ServedNics {
    private static final String OLDEST = "82576";

    ServedNicGuestTest() {
        super("igb", 1_000, 0);
    }

    @Override
    Stream<String> models() {
        return Stream.of(IgbModelChip.names().split("\\|", -1));
    }

    private IgbModel model(String name) {
        return (IgbModel) card(name).model();
    }

    /** The alternate address of an 82576 counts; later chips leave it to their option ROM. */
    @ParameterizedTest
    @ValueSource(strings = {OLDEST, "82580"})
    void theAddressIsTheOneThatOurDriverTakes(String name) {
        ServedCard card = card(name);
        MacAddress alternate = new MacAddress(0x5254_00a1_7e00L + card.number());
        for (MacAddress mac : List.of(alternate, card.mac())) {
            model(name).setAlternateMac(mac);
            rebind(card);
            MacAddress wanted = name.equals(OLDEST) ? mac : card.mac();
            String said = run(card, "cat /sys/class/net/$n/address");
            assertEquals(wanted.toString(), said.strip());
        }
    }

    /** Who it is and what it measures, as ethtool decodes it. */
    @Test
    void theModuleInTheCageIsShown() {
        String name = "82576-fiber";
        ServedCard card = card(name);
        String said = run(card, up(card) + "ethtool -m $n");
        for (String line :
                List.of(
                        "Identifier                                : 0x03 (SFP)",
                        "Transceiver type                          : Ethernet: 1000BASE-SX",
                        "Laser wavelength                          : 850nm",
                        "Vendor name                               : vpmd",
                        "Module temperature                        : 25.00 degrees C",
                        "Module voltage                            : 3.3000 V")) {
            assertTrue(said.contains(line), said);
        }
        model(name).setModule(false);
        run(card, "! ethtool -m $n");
        model(name).setModule(true);
        card.check();
    }
}
