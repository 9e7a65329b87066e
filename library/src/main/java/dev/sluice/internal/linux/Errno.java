// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

import java.util.Map;

/** Error numbers of the kernel, the same on x86-64 and aarch64, with their names and the words of errno(3). */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EEXIST = 17;
    public static final int EXDEV = 18;
    public static final int ENOTDIR = 20;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int EPIPE = 32;
    public static final int ENOSYS = 38;
    public static final int ELOOP = 40;
    public static final int ENONET = 64;
    public static final int EPROTO = 71;
    public static final int ENOTSOCK = 88;
    public static final int ENOPROTOOPT = 92;
    public static final int EOPNOTSUPP = 95;
    public static final int EAFNOSUPPORT = 97;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETDOWN = 100;
    public static final int ENETUNREACH = 101;
    public static final int ECONNABORTED = 103;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int EISCONN = 106;
    public static final int ENOTCONN = 107;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTDOWN = 112;
    public static final int EHOSTUNREACH = 113;
    public static final int EALREADY = 114;
    public static final int EINPROGRESS = 115;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "EPERM (Operation not permitted)"),
            Map.entry(2, "ENOENT (No such file or directory)"),
            Map.entry(3, "ESRCH (No such process)"),
            Map.entry(4, "EINTR (Interrupted system call)"),
            Map.entry(5, "EIO (Input/output error)"),
            Map.entry(6, "ENXIO (No such device or address)"),
            Map.entry(7, "E2BIG (Argument list too long)"),
            Map.entry(9, "EBADF (Bad file descriptor)"),
            Map.entry(11, "EAGAIN (Resource temporarily unavailable)"),
            Map.entry(12, "ENOMEM (Cannot allocate memory)"),
            Map.entry(13, "EACCES (Permission denied)"),
            Map.entry(14, "EFAULT (Bad address)"),
            Map.entry(16, "EBUSY (Device or resource busy)"),
            Map.entry(17, "EEXIST (File exists)"),
            Map.entry(18, "EXDEV (Invalid cross-device link)"),
            Map.entry(19, "ENODEV (No such device)"),
            Map.entry(20, "ENOTDIR (Not a directory)"),
            Map.entry(21, "EISDIR (Is a directory)"),
            Map.entry(22, "EINVAL (Invalid argument)"),
            Map.entry(23, "ENFILE (Too many open files in system)"),
            Map.entry(24, "EMFILE (Too many open files)"),
            Map.entry(25, "ENOTTY (Inappropriate ioctl for device)"),
            Map.entry(26, "ETXTBSY (Text file busy)"),
            Map.entry(27, "EFBIG (File too large)"),
            Map.entry(28, "ENOSPC (No space left on device)"),
            Map.entry(29, "ESPIPE (Illegal seek)"),
            Map.entry(30, "EROFS (Read-only file system)"),
            Map.entry(31, "EMLINK (Too many links)"),
            Map.entry(32, "EPIPE (Broken pipe)"),
            Map.entry(36, "ENAMETOOLONG (File name too long)"),
            Map.entry(38, "ENOSYS (Function not implemented)"),
            Map.entry(39, "ENOTEMPTY (Directory not empty)"),
            Map.entry(40, "ELOOP (Too many levels of symbolic links)"),
            Map.entry(64, "ENONET (Machine is not on the network)"),
            Map.entry(71, "EPROTO (Protocol error)"),
            Map.entry(75, "EOVERFLOW (Value too large for defined data type)"),
            Map.entry(88, "ENOTSOCK (Socket operation on non-socket)"),
            Map.entry(89, "EDESTADDRREQ (Destination address required)"),
            Map.entry(90, "EMSGSIZE (Message too long)"),
            Map.entry(91, "EPROTOTYPE (Protocol wrong type for socket)"),
            Map.entry(92, "ENOPROTOOPT (Protocol not available)"),
            Map.entry(93, "EPROTONOSUPPORT (Protocol not supported)"),
            Map.entry(94, "ESOCKTNOSUPPORT (Socket type not supported)"),
            Map.entry(95, "EOPNOTSUPP (Operation not supported)"),
            Map.entry(97, "EAFNOSUPPORT (Address family not supported by protocol)"),
            Map.entry(98, "EADDRINUSE (Address already in use)"),
            Map.entry(99, "EADDRNOTAVAIL (Cannot assign requested address)"),
            Map.entry(100, "ENETDOWN (Network is down)"),
            Map.entry(101, "ENETUNREACH (Network is unreachable)"),
            Map.entry(102, "ENETRESET (Network dropped connection on reset)"),
            Map.entry(103, "ECONNABORTED (Software caused connection abort)"),
            Map.entry(104, "ECONNRESET (Connection reset by peer)"),
            Map.entry(105, "ENOBUFS (No buffer space available)"),
            Map.entry(106, "EISCONN (Transport endpoint is already connected)"),
            Map.entry(107, "ENOTCONN (Transport endpoint is not connected)"),
            Map.entry(108, "ESHUTDOWN (Cannot send after transport endpoint shutdown)"),
            Map.entry(109, "ETOOMANYREFS (Too many references: cannot splice)"),
            Map.entry(110, "ETIMEDOUT (Connection timed out)"),
            Map.entry(111, "ECONNREFUSED (Connection refused)"),
            Map.entry(112, "EHOSTDOWN (Host is down)"),
            Map.entry(113, "EHOSTUNREACH (No route to host)"),
            Map.entry(114, "EALREADY (Operation already in progress)"),
            Map.entry(115, "EINPROGRESS (Operation now in progress)"),
            Map.entry(116, "ESTALE (Stale file handle)"),
            Map.entry(122, "EDQUOT (Disk quota exceeded)"),
            Map.entry(125, "ECANCELED (Operation canceled)"));

    private Errno() {}

    /** The name and the words: {@code EACCES (Permission denied)}. */
    public static String describe(int errno) {
        return NAMES.getOrDefault(errno, "errno " + errno);
    }
}
