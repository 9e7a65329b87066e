// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.file.InvalidPathException;

/**
 * The kernel's sockaddr structs, and the JDK's address types.
 *
 * <pre>
 *   sockaddr_in    family 2  port 2  address 4  zero 8                         ip(7)
 *   sockaddr_in6   family 2  port 2  flow 4     address 16  scope 4            ipv6(7)
 *   sockaddr_un    family 2  path up to 108: with its NUL, or abstract: NUL and a name      unix(7)
 * </pre>
 *
 * <p>An abstract name is written with {@code @} in place of its NUL, as ss(8), systemd and Go write it. A file whose
 * path begins so is written {@code ./@name}.
 */
public final class SocketAddresses {
    /** sizeof(struct sockaddr_un), the largest. */
    public static final int MOST_BYTES = 110;

    private static final int INET_BYTES = 16;
    private static final int INET6_BYTES = 28;
    private static final int PATH = 2;
    private static final int MOST_PATH = MOST_BYTES - PATH;
    private static final ValueLayout.OfShort PORT = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
    private static final UnixDomainSocketAddress UNNAMED = UnixDomainSocketAddress.of("");

    private SocketAddresses() {}

    /** AF_UNIX, AF_INET or AF_INET6. */
    public static int domain(SocketAddress address) {
        return switch (address) {
            case UnixDomainSocketAddress unix -> Constants.AF_UNIX;
            case InetSocketAddress inet when inet.getAddress() instanceof Inet4Address -> Constants.AF_INET;
            case InetSocketAddress inet when inet.getAddress() instanceof Inet6Address -> Constants.AF_INET6;
            case InetSocketAddress unresolved ->
                throw new IllegalArgumentException("not resolved: " + unresolved.getHostString());
            default -> throw new IllegalArgumentException("an address of no known kind: " + address);
        };
    }

    /**
     * The struct for a socket of a domain: an AF_INET6 socket takes IPv4 addresses in their mapped form, and the
     * wildcard of either family as its own.
     *
     * @throws IllegalArgumentException if the address is none, or a path is longer than the kernel allows
     */
    public static MemorySegment encode(Arena arena, SocketAddress address, int domain) {
        return switch (address) {
            case UnixDomainSocketAddress unix -> encodeUnix(arena, unix);
            case InetSocketAddress inet when domain == Constants.AF_INET6 -> encodeInet6(arena, inet);
            case InetSocketAddress inet -> encodeInet(arena, inet);
            default -> throw new IllegalArgumentException("an address of no known kind: " + address);
        };
    }

    private static MemorySegment encodeInet(Arena arena, InetSocketAddress address) {
        MemorySegment struct = arena.allocate(INET_BYTES, Integer.BYTES);
        struct.set(ValueLayout.JAVA_SHORT, 0, (short) Constants.AF_INET);
        struct.set(PORT, 2, (short) address.getPort());
        MemorySegment.copy(address.getAddress().getAddress(), 0, struct, ValueLayout.JAVA_BYTE, 4, 4);
        return struct;
    }

    private static MemorySegment encodeInet6(Arena arena, InetSocketAddress address) {
        MemorySegment struct = arena.allocate(INET6_BYTES, Integer.BYTES);
        struct.set(ValueLayout.JAVA_SHORT, 0, (short) Constants.AF_INET6);
        struct.set(PORT, 2, (short) address.getPort());
        InetAddress host = address.getAddress();
        byte[] bytes = host.getAddress();
        if (host instanceof Inet6Address inet6) {
            MemorySegment.copy(bytes, 0, struct, ValueLayout.JAVA_BYTE, 8, bytes.length);
            struct.set(ValueLayout.JAVA_INT, 24, inet6.getScopeId());
        } else if (!host.isAnyLocalAddress()) {
            struct.set(ValueLayout.JAVA_SHORT, 18, (short) -1);
            MemorySegment.copy(bytes, 0, struct, ValueLayout.JAVA_BYTE, 20, bytes.length);
        }
        return struct;
    }

    private static MemorySegment encodeUnix(Arena arena, UnixDomainSocketAddress address) {
        String path = address.getPath().toString();
        byte[] bytes = path.getBytes(FileCalls.PATHS);
        boolean isAbstract = isAbstract(address);
        int most = isAbstract ? MOST_PATH : MOST_PATH - 1;
        if (bytes.length > most) {
            throw new IllegalArgumentException("a socket's path has " + most + " bytes at most, and this one "
                    + bytes.length + ": " + path);
        }
        // An unnamed one is the family alone; an abstract name's length is what the kernel takes it by.
        int length = bytes.length == 0 ? PATH : PATH + bytes.length + (isAbstract ? 0 : 1);
        MemorySegment struct = arena.allocate(length, Short.BYTES);
        struct.set(ValueLayout.JAVA_SHORT, 0, (short) Constants.AF_UNIX);
        MemorySegment.copy(bytes, 0, struct, ValueLayout.JAVA_BYTE, PATH, bytes.length);
        if (isAbstract) {
            struct.set(ValueLayout.JAVA_BYTE, PATH, (byte) 0);
        }
        return struct;
    }

    /** Whether it names no file, but lives in the kernel alone. */
    public static boolean isAbstract(UnixDomainSocketAddress address) {
        return address.getPath().toString().startsWith("@");
    }

    /** What the kernel filled in. */
    public static SocketAddress decode(MemorySegment struct, int length) {
        int family = length < PATH ? 0 : struct.get(ValueLayout.JAVA_SHORT, 0);
        return switch (family) {
            case Constants.AF_INET -> inet(struct, 4, 4, 0);
            case Constants.AF_INET6 -> inet(struct, 8, 16, struct.get(ValueLayout.JAVA_INT, 24));
            default -> unix(struct, Math.min(length, MOST_BYTES));
        };
    }

    private static InetSocketAddress inet(MemorySegment struct, int offset, int length, int scope) {
        byte[] bytes = struct.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        int port = Short.toUnsignedInt(struct.get(PORT, 2));
        try {
            InetAddress host = InetAddress.getByAddress(bytes); // one that is mapped becomes an Inet4Address
            if (scope != 0 && host instanceof Inet6Address) {
                host = Inet6Address.getByAddress(null, bytes, scope);
            }
            return new InetSocketAddress(host, port);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static UnixDomainSocketAddress unix(MemorySegment struct, int length) {
        if (length <= PATH) {
            return UNNAMED;
        }
        byte[] bytes = struct.asSlice(PATH, length - PATH).toArray(ValueLayout.JAVA_BYTE);
        if (bytes[0] == 0) {
            // A name may hold bytes that no path can; they are for the eye then.
            String name = new String(bytes, 1, bytes.length - 1, FileCalls.PATHS).replace('\0', '@');
            return unix("@" + name);
        }
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return unix(new String(bytes, 0, end, FileCalls.PATHS));
    }

    /** Whoever binds a name chooses its bytes: in a locale of ASCII, not all make a path. */
    private static UnixDomainSocketAddress unix(String text) {
        try {
            return UnixDomainSocketAddress.of(text);
        } catch (InvalidPathException foreign) {
            return UnixDomainSocketAddress.of(text.replaceAll("[^ -~]", "?"));
        }
    }

    /** For people: {@code tcp 127.0.0.1:80}, {@code tcp [::1]:80}, {@code unix /run/x}. */
    public static String describe(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            InetAddress host = inet.getAddress();
            String text = host == null ? inet.getHostString() : host.getHostAddress();
            return "tcp " + (text.indexOf(':') < 0 ? text : "[" + text + "]") + ":" + inet.getPort();
        }
        String path = address.toString();
        return path.isEmpty() ? "unix (unnamed)" : "unix " + path;
    }

    /** The family that a user asks for by the JDK's constants. */
    public static int domain(StandardProtocolFamily family) {
        return switch (family) {
            case INET -> Constants.AF_INET;
            case INET6 -> Constants.AF_INET6;
            case UNIX -> Constants.AF_UNIX;
        };
    }
}
