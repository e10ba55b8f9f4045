// SPDX-License-Identifier: Apache-2.0
package io.vpmd.spi.hw;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a PCI function is.
 *
 * @param domain 0 to 0xffff
 * @param bus 0 to 0xff
 * @param device 0 to 0x1f
 * @param function 0 to 7
 */
public record PciAddress(int domain, int bus, int device, int function) {
    private static final Pattern FORM =
            Pattern.compile(
                    "(?:([0-9a-fA-F]{1,4}):)?([0-9a-fA-F]{1,2}):([0-9a-fA-F]{1,2})\\.([0-7])");

    public PciAddress {
        if (domain >>> 16 != 0 || bus >>> 8 != 0 || device >>> 5 != 0 || function >>> 3 != 0) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "no PCI address: %x:%x:%x.%x",
                            domain,
                            bus,
                            device,
                            function));
        }
    }

    /** Whether {@link #parse} would read it. */
    public static boolean matches(String text) {
        return FORM.matcher(text).matches();
    }

    /**
     * Reads {@code 0000:01:00.0}, or {@code 01:00.0} in domain 0.
     *
     * @throws IllegalArgumentException when it is neither
     */
    public static PciAddress parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a PCI address such as 0000:01:00.0");
        }
        return new PciAddress(
                m.group(1) == null ? 0 : hex(m.group(1)),
                hex(m.group(2)),
                hex(m.group(3)),
                hex(m.group(4)));
    }

    private static int hex(String digits) {
        return Integer.parseInt(digits, 16);
    }

    /** As sysfs writes it. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%04x:%02x:%02x.%x", domain, bus, device, function);
    }
}
