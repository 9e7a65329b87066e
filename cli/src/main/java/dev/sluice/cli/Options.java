// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/** Options as picocli wants them described. */
public final class Options {
    /** Reads what stands behind an option. */
    @FunctionalInterface
    public interface Reader<T> {
        /** @throws IllegalArgumentException if it is none, with a message for the user */
        T read(String text);
    }

    private Options() {}

    /** An option without a value. */
    public static OptionSpec flag(String description, String name, String... others) {
        return OptionSpec.builder(name, others)
                .type(boolean.class)
                .description(description)
                .build();
    }

    /** An option with a value. */
    public static <T> OptionSpec.Builder value(
            String label, Class<T> type, Reader<? extends T> reader, String name, String... others) {
        ITypeConverter<T> converter = text -> {
            try {
                return reader.read(text);
            } catch (IllegalArgumentException wrong) {
                throw new TypeConversionException(wrong.getMessage());
            }
        };
        return OptionSpec.builder(name, others)
                .paramLabel(label)
                .type(type)
                .converters(converter);
    }

    /** The option that all commands have. */
    public static OptionSpec help() {
        return OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help and exit.")
                .build();
    }

    /** Lists exit codes in the command's help: each and, after it, what it means. */
    public static void exitCodes(CommandSpec spec, String... codesAndMeanings) {
        Map<String, String> list = new LinkedHashMap<>();
        for (int i = 0; i < codesAndMeanings.length; i += 2) {
            list.put(codesAndMeanings[i], codesAndMeanings[i + 1]);
        }
        spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(list);
    }

    /** Whether a flag was given. */
    public static boolean isSet(OptionSpec flag) {
        return Boolean.TRUE.equals(flag.getValue());
    }
}
