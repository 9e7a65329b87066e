// SPDX-License-Identifier: Apache-2.0
package dev.sluice.containers.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A quick hash of 64 bits, to know bytes again. */
final class Hash {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Odd, and without a pattern: 2^64 over the golden ratio. */
    private static final long FACTOR = 0x9e3779b97f4a7c15L;

    private Hash() {}

    static long of(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return of(bytes, 0, bytes.length);
    }

    static long of(byte[] bytes, int from, int to) {
        long hash = (long) to - from;
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(bytes, i));
        }
        for (; i < to; i++) {
            hash = mix(hash ^ bytes[i]);
        }
        return hash;
    }

    private static long mix(long value) {
        long product = value * FACTOR;
        return product ^ product >>> 32;
    }
}
