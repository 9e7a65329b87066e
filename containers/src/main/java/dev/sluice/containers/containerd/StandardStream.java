// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.containerd;

/** A standard stream of a container, as the names of its FIFOs say it. */
public enum StandardStream {
    /** What the container reads. */
    STDIN("stdin"),
    /** What it writes to its standard output; with a terminal, all that it writes. */
    STDOUT("stdout"),
    /** What it writes to its standard error. */
    STDERR("stderr");

    private final String label;

    StandardStream(String label) {
        this.label = label;
    }

    /** {@return what containerd calls it} */
    public String label() {
        return label;
    }
}
