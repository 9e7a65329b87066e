// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.text.MessageFormat;
import java.util.ResourceBundle;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has what the library logs said as the command says everything: in one line. The JDK finds it as a service, and only
 * when something asks for a logger, so that a start does not pay for it; java.util.logging is never loaded.
 */
public final class ReportLoggerFinder extends System.LoggerFinder {
    private static volatile Consumer<String> sink = line -> Report.line(System.err, line);

    /** Has warnings said by another: one that does not hold up the thread that logs. */
    public static void sayBy(Consumer<String> other) {
        sink = other;
    }

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Warnings(name);
    }

    private record Warnings(String name) implements System.Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return level != Level.OFF && level.compareTo(Level.WARNING) >= 0;
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
            if (isLoggable(level)) {
                sink.accept(thrown == null ? String.valueOf(message) : message + ": " + thrown);
            }
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... values) {
            if (isLoggable(level)) {
                String text = String.valueOf(format);
                sink.accept(values == null || values.length == 0 ? text : MessageFormat.format(text, values));
            }
        }
    }
}
