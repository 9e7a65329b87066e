// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

/** Who runs a container, and hands us its output. */
public enum Driver {
    DOCKER("docker"),
    CONTAINERD("containerd");

    private final String label;

    Driver(String label) {
        this.label = label;
    }

    /** What it is called in container.json. */
    public String label() {
        return label;
    }

    /**
     * The driver of that name.
     *
     * @throws IllegalArgumentException if there is none; the message is for people
     */
    public static Driver of(String label) {
        return Labels.find(values(), Driver::label, label, "there is no driver");
    }
}
