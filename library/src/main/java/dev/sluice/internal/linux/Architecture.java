// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

import org.jspecify.annotations.Nullable;

/**
 * The two Linux machines whose system-call numbers and struct layouts Sluice knows.
 *
 * <p>Everything that differs between them is here or in {@link SyscallNumber}; the rest of the kernel's ABI is shared.
 */
public enum Architecture {
    X86_64(0x20000, 12, 4),
    AARCH64(0x8000, 16, 8);

    /** Do not follow a symbolic link in the last component: see open(2). */
    public final int openNoFollow;

    /** {@code sizeof(struct epoll_event)}: packed on x86-64, padded elsewhere. */
    public final int epollEventSize;

    /** {@code offsetof(struct epoll_event, data)}. */
    public final int epollDataOffset;

    private static final @Nullable Architecture CURRENT = detect();

    Architecture(int openNoFollow, int epollEventSize, int epollDataOffset) {
        this.openNoFollow = openNoFollow;
        this.epollEventSize = epollEventSize;
        this.epollDataOffset = epollDataOffset;
    }

    /**
     * The machine that this JVM runs on.
     *
     * @throws UnsupportedOperationException on anything but Linux on x86-64 or aarch64
     */
    public static Architecture current() {
        if (CURRENT == null) {
            throw new UnsupportedOperationException("Sluice runs on Linux on x86-64 and aarch64; this is "
                    + System.getProperty("os.name") + " on " + System.getProperty("os.arch") + ".");
        }
        return CURRENT;
    }

    private static @Nullable Architecture detect() {
        if (!"Linux".equals(System.getProperty("os.name"))) {
            return null;
        }
        return switch (System.getProperty("os.arch", "")) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64" -> AARCH64;
            default -> null;
        };
    }
}
