// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.docker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Docker's {@code --log-opt tag=}: text with places such as <code>{{.Name}}</code>. Of Go's templates it knows the
 * plain values only, no functions and no conditions.
 */
final class TagTemplate {
    private static final Pattern PLACE = Pattern.compile("\\{\\{-?\\s*(.*?)\\s*-?}}");
    private static final int SHORT_ID = 12;

    private static final Map<String, Function<ContainerInfo, String>> VALUES = new LinkedHashMap<>();

    static {
        VALUES.put(".ID", info -> shortened(info.id()));
        VALUES.put(".FullID", ContainerInfo::id);
        VALUES.put(".Name", ContainerInfo::name);
        // Docker counts the digest's "sha256:" among the twelve characters, and so do we.
        VALUES.put(".ImageID", info -> shortened(info.imageId()));
        VALUES.put(".ImageFullID", ContainerInfo::imageId);
        VALUES.put(".ImageName", ContainerInfo::image);
        VALUES.put(".DaemonName", ContainerInfo::daemon);
        VALUES.put(".Command", ContainerInfo::command);
    }

    private TagTemplate() {}

    private static String shortened(String id) {
        return id.substring(0, Math.min(SHORT_ID, id.length()));
    }

    /**
     * Fills a template in.
     *
     * @throws IllegalArgumentException if it has a place that is not known; the message is for people
     */
    static String fill(String template, ContainerInfo info) {
        Matcher places = PLACE.matcher(template);
        String filled = places.replaceAll(place -> Matcher.quoteReplacement(value(place, info)));
        if (PLACE.matcher(template).replaceAll("").contains("{{")) {
            throw new IllegalArgumentException("tag '" + template + "' has a {{ without its }}");
        }
        return filled;
    }

    private static String value(MatchResult place, ContainerInfo info) {
        Function<ContainerInfo, String> value = VALUES.get(place.group(1));
        if (value == null) {
            throw new IllegalArgumentException("tag has an unknown place " + place.group() + ": there are "
                    + String.join(", ", VALUES.keySet()));
        }
        return value.apply(info);
    }
}
