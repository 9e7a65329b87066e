// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

/** Which of a container's two outputs. */
public enum Output {
    STDOUT("stdout"),
    STDERR("stderr");

    private final String label;

    Output(String label) {
        this.label = label;
    }

    /** The name that all formats and protocols give it. */
    public String label() {
        return label;
    }
}
