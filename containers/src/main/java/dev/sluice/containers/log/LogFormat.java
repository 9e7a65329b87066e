// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

/** How a log is written. */
public enum LogFormat {
    /** Docker's own: a JSON object a line, with {@code log}, {@code stream} and {@code time}. */
    JSON_FILE("json-file"),
    /** That of Kubernetes' container runtime interface: {@code TIME STREAM P|F TEXT}. */
    CRI("cri"),
    /** The bytes as they came, and nothing else, in a file for each output. */
    RAW("raw");

    private final String label;

    LogFormat(String label) {
        this.label = label;
    }

    /** What users call it. */
    public String label() {
        return label;
    }

    /**
     * The format that users call so.
     *
     * @throws IllegalArgumentException if there is none; the message is for people
     */
    public static LogFormat of(String label) {
        return Labels.find(values(), LogFormat::label, label, "there is no log format");
    }
}
