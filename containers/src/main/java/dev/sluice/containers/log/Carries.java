// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

/** What comes out of a source. */
public enum Carries {
    /** Docker's frames: both outputs, each entry with its time, as the log-driver plugin protocol has them. */
    DOCKER_FRAMES("docker-frames"),
    /** The bytes that the container writes to its standard output. */
    STDOUT("stdout"),
    /** The bytes that the container writes to its standard error. */
    STDERR("stderr");

    private final String label;

    Carries(String label) {
        this.label = label;
    }

    /** What it is called in container.json and on the control socket. */
    public String label() {
        return label;
    }

    /**
     * That of a label.
     *
     * @throws IllegalArgumentException if there is none; the message is for people
     */
    public static Carries of(String label) {
        return Labels.find(values(), Carries::label, label, "no source carries");
    }
}
