// SPDX-License-Identifier: Apache-2.0
package dev.sluice;

import java.util.Locale;

/** What this library can say about itself. */
public final class Sluice {
    private Sluice() {}

    /**
     * Tells whether Sluice works on the machine that runs this program: Linux on x86-64 or aarch64.
     *
     * @return whether it does
     */
    public static boolean isSupported() {
        return supports(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    static boolean supports(String os, String arch) {
        return os.equals("Linux")
                && switch (arch.toLowerCase(Locale.ROOT)) {
                    case "amd64", "x86_64", "aarch64", "arm64" -> true;
                    default -> false;
                };
    }
}
