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

    /**
     * The output that is called so.
     *
     * @throws IllegalArgumentException if there is none; the message is for people
     */
    public static Output of(String label) {
        return Labels.find(values(), Output::label, label, "there is no output");
    }
}
