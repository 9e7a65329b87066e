// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.doctor;

/**
 * One thing that was looked at.
 *
 * @param topic the heading that it stands under
 * @param name what was looked at
 * @param health how it is
 * @param detail what was found
 */
record Finding(String topic, String name, Health health, String detail) {
    /** How it is, from best to worst. */
    enum Health {
        OK("ok"),
        /** Sluice works without it, and is slower. */
        SLOWER("slower"),
        /** Sluice needs it. */
        BROKEN("broken");

        private final String word;

        Health(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    static Finding ok(String topic, String name, String detail) {
        return new Finding(topic, name, Health.OK, detail);
    }
}
