// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What users want to see beside each line: a tag, and labels and variables of the container, chosen by name or by
 * regular expression.
 */
final class Attributes {
    private Attributes() {}

    /**
     * Chooses them as the options say.
     *
     * @throws IllegalArgumentException if an option cannot be read; the message is for people
     */
    static Map<String, String> of(ContainerInfo info) {
        Map<String, String> options = info.config();
        Map<String, String> attributes = new TreeMap<>();
        Predicate<String> label = names(options.get("labels")).or(matches(options, "labels-regex"));
        info.labels().forEach((name, value) -> {
            if (label.test(name)) {
                attributes.put(name, value);
            }
        });
        Predicate<String> variable = names(options.get("env")).or(matches(options, "env-regex"));
        for (String each : info.environment()) {
            int equals = each.indexOf('=');
            if (equals > 0 && variable.test(each.substring(0, equals))) {
                attributes.put(each.substring(0, equals), each.substring(equals + 1));
            }
        }
        String tag = options.getOrDefault("tag", "");
        if (!tag.isEmpty()) {
            attributes.put("tag", TagTemplate.fill(tag, info));
        }
        return attributes;
    }

    private static Predicate<String> names(@Nullable String list) {
        if (list == null) {
            return name -> false;
        }
        return Pattern.compile(",").splitAsStream(list).map(String::strip).toList()::contains;
    }

    // As in Go, a part of the name is enough for a match. Users who want the whole say ^ and $.
    private static Predicate<String> matches(Map<String, String> options, String option) {
        String expression = options.getOrDefault(option, "");
        if (expression.isEmpty()) {
            return name -> false;
        }
        try {
            return Pattern.compile(expression).asPredicate();
        } catch (PatternSyntaxException bad) {
            throw new IllegalArgumentException(
                    option + " '" + expression + "' is no regular expression: " + bad.getDescription(), bad);
        }
    }
}
