// SPDX-License-Identifier: Apache-2.0
package dev.sluice.internal.net;

import dev.sluice.internal.linux.CallState;
import dev.sluice.internal.linux.Constants;
import dev.sluice.internal.linux.Failures;
import dev.sluice.internal.linux.SocketCalls;
import dev.sluice.internal.poll.Control;
import dev.sluice.internal.poll.OpenDescriptor;
import java.io.IOException;
import java.net.SocketOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Socket options as the kernel has them. An option is known by its name, so that those of {@code jdk.net} serve as well
 * as the JDK's standard ones and ours.
 */
public final class SocketOptions {
    private static final Map<String, Entry> KNOWN = Map.ofEntries(
            Map.entry("SO_SNDBUF", Entry.socket(Constants.SO_SNDBUF)),
            Map.entry("SO_RCVBUF", Entry.socket(Constants.SO_RCVBUF)),
            Map.entry("SO_KEEPALIVE", Entry.socket(Constants.SO_KEEPALIVE)),
            Map.entry("SO_REUSEADDR", Entry.socket(Constants.SO_REUSEADDR)),
            Map.entry("SO_REUSEPORT", Entry.socket(Constants.SO_REUSEPORT)),
            Map.entry("SO_BROADCAST", Entry.socket(Constants.SO_BROADCAST)),
            Map.entry("SO_LINGER", Entry.socket(Constants.SO_LINGER)),
            Map.entry("IP_TOS", new Entry(Constants.IPPROTO_IP, Constants.IP_TOS)),
            Map.entry("IPV6_V6ONLY", new Entry(Constants.IPPROTO_IPV6, Constants.IPV6_V6ONLY)),
            Map.entry("TCP_NODELAY", Entry.tcp(Constants.TCP_NODELAY)),
            Map.entry("TCP_KEEPIDLE", Entry.tcp(Constants.TCP_KEEPIDLE)),
            Map.entry("TCP_KEEPINTVL", Entry.tcp(Constants.TCP_KEEPINTVL)),
            Map.entry("TCP_KEEPINTERVAL", Entry.tcp(Constants.TCP_KEEPINTVL)),
            Map.entry("TCP_KEEPCNT", Entry.tcp(Constants.TCP_KEEPCNT)),
            Map.entry("TCP_KEEPCOUNT", Entry.tcp(Constants.TCP_KEEPCNT)),
            Map.entry("TCP_DEFER_ACCEPT", Entry.tcp(Constants.TCP_DEFER_ACCEPT)),
            Map.entry("TCP_QUICKACK", Entry.tcp(Constants.TCP_QUICKACK)),
            Map.entry("TCP_USER_TIMEOUT", Entry.tcp(Constants.TCP_USER_TIMEOUT)));

    private SocketOptions() {}

    private record Entry(int level, int name) {
        static Entry socket(int name) {
            return new Entry(Constants.SOL_SOCKET, name);
        }

        static Entry tcp(int name) {
            return new Entry(Constants.IPPROTO_TCP, name);
        }

        boolean isLinger() {
            return level == Constants.SOL_SOCKET && name == Constants.SO_LINGER;
        }

        /** What IPv4 calls the type of service is the traffic class of IPv6. */
        Entry on(CallState state, int fd) {
            boolean inet6 = level == Constants.IPPROTO_IP
                    && SocketCalls.intOption(state, fd, Constants.SOL_SOCKET, Constants.SO_DOMAIN)
                            == Constants.AF_INET6;
            return inet6 ? new Entry(Constants.IPPROTO_IPV6, Constants.IPV6_TCLASS) : this;
        }
    }

    /** @throws UnsupportedOperationException if the option is not known */
    public static void require(SocketOption<?> option) {
        entry(option);
    }

    private static Entry entry(SocketOption<?> option) {
        @Nullable Entry entry = KNOWN.get(option.name());
        if (entry == null || (option.type() != Integer.class && option.type() != Boolean.class)) {
            throw new UnsupportedOperationException("no option of a Linux stream socket: " + option.name());
        }
        return entry;
    }

    /** getsockopt(2). */
    public static <T> T get(OpenDescriptor socket, SocketOption<T> option) throws IOException {
        Entry known = entry(option);
        return Control.run(socket, (side, fd) -> {
            CallState state = side.state();
            Entry entry = known.on(state, fd);
            int value;
            if (entry.isLinger()) {
                long pair = SocketCalls.pairOption(state, fd, entry.level(), entry.name());
                value = pair < 0 ? (int) pair : (int) pair == 0 ? 0 : (int) (pair >>> Integer.SIZE);
                if (pair >= 0 && (int) pair == 0) {
                    return option.type().cast(-1); // the JDK's word for "off"
                }
            } else {
                value = SocketCalls.intOption(state, fd, entry.level(), entry.name());
            }
            if (value < 0) {
                throw Failures.of("getsockopt " + option.name() + " of", socket.name(), -value);
            }
            return option.type().cast(option.type() == Boolean.class ? (Object) (value != 0) : (Object) value);
        });
    }

    /** setsockopt(2). */
    public static <T> void set(OpenDescriptor socket, SocketOption<T> option, T value) throws IOException {
        entry(option);
        Control.run(socket, (side, fd) -> {
            set(side.state(), fd, socket.name(), option, value);
            return fd;
        });
    }

    /** Sets several, in their order, of a number that is nobody's descriptor yet. */
    static void setAll(CallState state, int fd, String what, Map<SocketOption<?>, Object> options) throws IOException {
        for (Map.Entry<SocketOption<?>, Object> option : options.entrySet()) {
            set(state, fd, what, option.getKey(), option.getValue());
        }
    }

    private static void set(CallState state, int fd, String what, SocketOption<?> option, Object value)
            throws IOException {
        Entry entry = entry(option).on(state, fd);
        int number = value instanceof Boolean flag ? (flag ? 1 : 0) : (Integer) value;
        int result = entry.isLinger()
                ? SocketCalls.setPairOption(
                        state, fd, entry.level(), entry.name(), number < 0 ? 0 : 1, Math.max(0, number))
                : SocketCalls.setIntOption(state, fd, entry.level(), entry.name(), number);
        if (result < 0) {
            throw Failures.of("setsockopt " + option.name() + " of", what, -result, "value " + value);
        }
    }
}
