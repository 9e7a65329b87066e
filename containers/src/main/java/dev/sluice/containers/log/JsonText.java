// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import java.util.Map;
import java.util.function.Consumer;

/**
 * One JSON object, written by hand: a logger that must be ready in a fraction of a second has no time to load a library
 * for it. See RFC 8259.
 */
public final class JsonText {
    private final StringBuilder text = new StringBuilder("{");

    /** Adds a string. */
    public JsonText add(String key, String value) {
        key(key);
        quote(value);
        return this;
    }

    /** Adds a number. */
    public JsonText add(String key, long value) {
        key(key).append(value);
        return this;
    }

    /** Adds a truth value. */
    public JsonText add(String key, boolean value) {
        key(key).append(value);
        return this;
    }

    /** Adds an object. */
    public JsonText add(String key, JsonText value) {
        key(key).append(value);
        return this;
    }

    /** Adds an object of strings. */
    public JsonText add(String key, Map<String, String> values) {
        JsonText object = new JsonText();
        values.forEach(object::add);
        return add(key, object);
    }

    /** Adds an array with an object for each element. */
    public <T> JsonText add(String key, Iterable<? extends T> elements, ElementWriter<T> writer) {
        key(key).append('[');
        String separator = "";
        for (T element : elements) {
            JsonText object = new JsonText();
            writer.write(element, object);
            text.append(separator).append(object);
            separator = ",";
        }
        text.append(']');
        return this;
    }

    /**
     * Writes an element of an array.
     *
     * @param <T> the element's type
     */
    @FunctionalInterface
    public interface ElementWriter<T> {
        /** Adds what is to be known about the element. */
        void write(T element, JsonText object);
    }

    /** Adds what somebody else knows how to write. */
    public JsonText with(Consumer<JsonText> writer) {
        writer.accept(this);
        return this;
    }

    /** The object so far, closed. */
    @Override
    public String toString() {
        return text + "}";
    }

    private StringBuilder key(String key) {
        if (text.length() > 1) {
            text.append(',');
        }
        quote(key);
        return text.append(':');
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                default -> {
                    if (c < ' ' || Character.isSurrogate(c)) {
                        text.append(String.format("\\u%04x", (int) c)); // also where one stands alone
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
