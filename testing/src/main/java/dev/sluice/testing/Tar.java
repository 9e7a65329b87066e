// SPDX-License-Identifier: Apache-2.0
package dev.sluice.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;

/** A tar archive (POSIX.1-1988 "ustar") in memory: what an image's layers, and the image itself, come in. */
final class Tar {
    private static final int BLOCK = 512;

    private static final char FILE = '0';
    private static final char LINK = '2';
    private static final char FOLDER = '5';

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Tar folder(String name) {
        header(name + "/", 0755, 0, FOLDER, "");
        return this;
    }

    Tar file(String name, int mode, byte[] content) {
        header(name, mode, content.length, FILE, "");
        out.writeBytes(content);
        out.writeBytes(new byte[-content.length & BLOCK - 1]);
        return this;
    }

    Tar link(String name, String target) {
        header(name, 0777, 0, LINK, target);
        return this;
    }

    /** The archive, with the two empty blocks that end it. */
    byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(out.toByteArray());
        all.writeBytes(new byte[2 * BLOCK]);
        return all.toByteArray();
    }

    private void header(String name, int mode, int size, char type, String target) {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, octal(mode, 7));
        put(header, 108, octal(0, 7)); // uid
        put(header, 116, octal(0, 7)); // gid
        put(header, 124, octal(size, 11));
        put(header, 136, octal(0, 11)); // mtime
        put(header, 148, " ".repeat(8)); // the checksum counts as blanks while it is summed up
        header[156] = (byte) type;
        put(header, 157, target);
        put(header, 257, "ustar\00000");
        put(header, 148, octal(sum(header), 6) + "\0");
        out.writeBytes(header);
    }

    private static int sum(byte[] header) {
        int sum = 0;
        for (byte each : header) {
            sum += Byte.toUnsignedInt(each);
        }
        return sum;
    }

    private static String octal(int value, int digits) {
        String octal = Integer.toOctalString(value);
        return "0".repeat(digits - octal.length()) + octal;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
