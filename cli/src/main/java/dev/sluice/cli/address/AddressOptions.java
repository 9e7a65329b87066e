// SPDX-License-Identifier: Apache-2.0
package dev.sluice.cli.address;

import dev.sluice.cli.Nearest;
import dev.sluice.cli.Sizes;
import dev.sluice.cli.UsageException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the last {@code ?} of an address: words with commas between them, as in {@code ?append,mode=0640}.
 *
 * <p>A path that has a question mark of its own is written with one more at its end; one that exists is understood as
 * it is.
 *
 * @param before what stands before the question mark
 * @param values the words, and their values where they have one
 */
record AddressOptions(String text, String before, Map<String, String> values) {
    private static final int HIGHEST = 0400;
    private static final int ALL = 0777;

    /**
     * Takes them off.
     *
     * @param known the words, those that take a value with = at their end
     * @param what it is that may have them, such as a FIFO
     */
    static AddressOptions split(String text, String rest, Set<String> known, String what) {
        int mark = rest.lastIndexOf('?');
        if (mark < 0) {
            return new AddressOptions(text, rest, Map.of());
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String word : rest.substring(mark + 1).split("[,&]", -1)) {
            if (word.isEmpty() && values.isEmpty() && rest.endsWith("?")) {
                break;
            }
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals + 1);
            if (!known.contains(name)) {
                if (exists(rest)) {
                    return new AddressOptions(text, rest, Map.of());
                }
                throw unknown(text, rest, name, known, what);
            }
            values.put(equals < 0 ? name : word.substring(0, equals), equals < 0 ? "" : word.substring(equals + 1));
        }
        return new AddressOptions(text, rest.substring(0, mark), values);
    }

    private static boolean exists(String path) {
        return Files.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS);
    }

    private static UsageException unknown(
            String text, String rest, String name, Set<String> known, String what) {
        String hint = Nearest.hint(Nearest.of(name, known), word -> "?" + word);
        String all = known.isEmpty()
                ? ": it has none"
                : hint.isEmpty() ? ": there are " + String.join(", ", known.stream().sorted().toList()) : hint;
        return new UsageException(text + ": no option ?" + name + " of " + what + all
                + " (a path with a ? in it ends in one more: " + rest + "?)");
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** An amount of bytes; 0 where the option is not there. */
    long size(String name) {
        String size = values.get(name);
        try {
            return size == null ? 0 : Sizes.parse(size);
        } catch (IllegalArgumentException none) {
            throw new UsageException(text + ": " + none.getMessage());
        }
    }

    /** The permissions that a file is to get: none where the option is not there. */
    FileAttribute<?>[] mode(String name) {
        @Nullable Set<PosixFilePermission> permissions = permissions(name);
        return permissions == null
                ? new FileAttribute<?>[0]
                : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
    }

    /** The same as a set; null where the option is not there. */
    @Nullable Set<PosixFilePermission> permissions(String name) {
        String digits = values.get(name);
        if (digits == null) {
            return null;
        }
        if (!digits.matches("[0-7]{1,4}") || Integer.parseInt(digits, 8) > ALL) {
            throw new UsageException(text + ": " + name + "=" + digits + " is no mode, as in " + name + "=0640");
        }
        int mode = Integer.parseInt(digits, 8);
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            // The constants stand in the order of the bits, owner's read first.
            if ((mode & HIGHEST >> permission.ordinal()) != 0) {
                permissions.add(permission);
            }
        }
        return permissions;
    }
}
