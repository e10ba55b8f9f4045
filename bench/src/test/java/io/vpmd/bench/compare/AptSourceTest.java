// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;

final class AptSourceTest {
    @ParameterizedTest
    @CsvSource({
        "22.11.7-1, 22.11.7-1",
        // The same of upstream has the same headers.
        "22.11.9-1, 22.11.9-1+deb12u1",
        "23.11.2-2, none",
        "22.11, none"
    })
    void theVersionIsTheInstalledOneOrOfTheSameUpstream(String installed, String chosen) {
        List<String> offered = List.of("22.11.9-1+deb12u1", "22.11.7-1~deb12u1", "22.11.7-1");
        assertEquals(
                chosen.equals("none") ? Optional.empty() : Optional.of(chosen),
                AptSource.choose(installed, offered));
    }

    @Test
    void theVersionsAreReadFromTheRecords() {
        String records = "Package: dpdk\nVersion: 22.11.7-1\n\nPackage: dpdk\nVersion: 1:23-2\n";
        assertEquals(List.of("22.11.7-1", "1:23-2"), AptSource.offered(records));
    }

    @Test
    void aPackageThatIsRemovedIsNotInstalled() {
        assertEquals(Optional.of("22.11.7-1"), AptSource.installedVersion("installed 22.11.7-1\n"));
        assertEquals(Optional.empty(), AptSource.installedVersion("config-files 22.11.7-1\n"));
        assertEquals(
                Optional.empty(),
                AptSource.installedVersion("dpkg-query: no packages found matching libdpdk-dev\n"));
    }

    @Test
    void whereBinariesComeFromSourcesDoToo() {
        assertEquals(
                """
                Types: deb-src
                URIs: http://a.example/debian
                Suites: s
                """,
                AptSource.stanzas(
                        """
                        Types: deb deb-src
                        URIs: http://a.example/debian
                        Suites: s
                        """));
        assertEquals(
                """
                deb-src [signed-by=/k] http://a.example/debian s main
                # deb x
                """,
                AptSource.lines(
                        """
                        deb [signed-by=/k] http://a.example/debian s main
                        deb-src http://a.example/debian s main
                        # deb x
                        """));
    }
}
