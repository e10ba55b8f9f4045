// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vpmd.bench.compare.Figure.Wanted;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FigureTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0", "0.01, 0.01", "0.000123456, 0.000123", "1.2e-7, 0.00000012", "0.0625, 0.0625",
        "0.4, 0.40", "5, 5", "12.34, 12.3", "1234.4, 1234", "NaN, -"
    })
    void aNumberKeepsThreeDigitsHoweverSmallItIs(double value, String text) {
        assertEquals(text, Figure.number(value));
    }

    @Test
    void aLittleThatWasAllocatedIsShownAndJudged() {
        Figure figure = new Figure("allocated", "B/packet", Wanted.AT_MOST_ITSELF, 0.01);
        figure.vpmd().add(allocation("8.5E-4"));
        assertEquals("0.00085", figure.cells()[4]);
        assertEquals("<= 0.01", figure.wanted());
        assertEquals("yes", figure.reached());
    }

    @Test
    void moreThanIsWantedIsNotReached() {
        Figure figure = new Figure("allocated", "B/packet", Wanted.AT_MOST_ITSELF, 0.01);
        figure.vpmd().add(allocation("0.011"));
        assertEquals("0.011", figure.cells()[4]);
        assertEquals("no", figure.reached());
    }

    private static double allocation(String bytes) {
        return Outputs.number(
                "allocatedBytesPerPacket", "{\"allocatedBytesPerPacket\":" + bytes + "}");
    }
}
