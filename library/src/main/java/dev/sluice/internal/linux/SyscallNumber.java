// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

/**
 * System-call numbers, from the kernel's {@code syscall_64.tbl} (x86-64) and {@code asm-generic/unistd.h} (aarch64).
 *
 * <p>Only calls that exist on both machines are used: aarch64 has no open, pipe, mkfifo, poll, epoll_wait or dup2.
 */
final class SyscallNumber {
    private static final boolean X86 = Architecture.current() == Architecture.X86_64;

    static final long READ = of(0, 63);
    static final long WRITE = of(1, 64);
    static final long CLOSE = of(3, 57);
    static final long LSEEK = of(8, 62);
    static final long IOCTL = of(16, 29);
    static final long SENDFILE = of(40, 71);
    static final long SOCKET = of(41, 198);
    static final long CONNECT = of(42, 203);
    static final long RECVFROM = of(45, 207);
    static final long SENDMSG = of(46, 211);
    static final long RECVMSG = of(47, 212);
    static final long SHUTDOWN = of(48, 210);
    static final long BIND = of(49, 200);
    static final long LISTEN = of(50, 201);
    static final long GETSOCKNAME = of(51, 204);
    static final long GETPEERNAME = of(52, 205);
    static final long SOCKETPAIR = of(53, 199);
    static final long SETSOCKOPT = of(54, 208);
    static final long GETSOCKOPT = of(55, 209);
    static final long FCNTL = of(72, 25);
    static final long FLOCK = of(73, 32);
    static final long FCHMOD = of(91, 52);
    static final long EPOLL_CTL = of(233, 21);
    static final long OPENAT = of(257, 56);
    static final long MKNODAT = of(259, 33);
    static final long PPOLL = of(271, 73);
    static final long SPLICE = of(275, 76);
    static final long TEE = of(276, 77);
    static final long EPOLL_PWAIT = of(281, 22);
    static final long EPOLL_PWAIT2 = of(441, 441);
    static final long ACCEPT4 = of(288, 242);
    static final long EVENTFD2 = of(290, 19);
    static final long EPOLL_CREATE1 = of(291, 20);
    static final long DUP3 = of(292, 24);
    static final long PIPE2 = of(293, 59);
    static final long COPY_FILE_RANGE = of(326, 285);
    static final long PREADV2 = of(327, 286);
    static final long PWRITEV2 = of(328, 287);
    static final long STATX = of(332, 291);

    private SyscallNumber() {}

    private static long of(long x86, long aarch64) {
        return X86 ? x86 : aarch64;
    }
}
