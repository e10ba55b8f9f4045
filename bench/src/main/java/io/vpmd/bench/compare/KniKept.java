// SPDX-License-Identifier: Apache-2.0
package io.vpmd.bench.compare;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Properties;

/** Figures of rte_kni that were measured once, in kni.properties with date and conditions. */
final class KniKept {
    private final Properties all;

    private KniKept(Properties all) {
        this.all = all;
    }

    static KniKept read() throws IOException {
        Properties all = new Properties();
        try (InputStream in = KniKept.class.getResourceAsStream("kni.properties")) {
            if (in == null) {
                throw new IllegalStateException("kni.properties is not in the jar");
            }
            all.load(in);
        }
        return new KniKept(all);
    }

    /** In the unit of the work. */
    double figure(KniComparison.Work work) {
        return Double.parseDouble(text("rte_kni." + work.name().toLowerCase(Locale.ROOT)));
    }

    /** When and how. */
    String conditions() {
        return text("date") + ", " + text("conditions");
    }

    private String text(String key) {
        String value = all.getProperty(key);
        if (value == null) {
            throw new IllegalStateException("kni.properties has no " + key);
        }
        return value;
    }
}
