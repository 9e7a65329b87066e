// SPDX-License-Identifier: Apache-2.0
package dev.sluice.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * How long do two virtual threads take to hand one byte there and one back over two pipes?
 *
 * <p>{@code PingPong sluice|nio [WARM_UP_TRIPS] [TRIPS]} prints nanoseconds per round trip. The frame is
 * the same for both kinds of pipe, and for the C and Go programs in {@code benchmarks/peers}.
 */
public final class PingPong {
    private PingPong() {}

    /** One thread's two channels and its one-byte buffer. */
    private record Side(ReadableByteChannel in, WritableByteChannel out, ByteBuffer buffer) {
        Side(ReadableByteChannel in, WritableByteChannel out) {
            this(in, out, ByteBuffer.allocateDirect(1));
        }

        void send() throws IOException {
            buffer.clear();
            out.write(buffer);
        }

        void receive() throws IOException {
            buffer.clear();
            if (in.read(buffer) != 1) {
                throw new IOException("the pipe ended");
            }
        }
    }

    private record Ends(ReadableByteChannel in, WritableByteChannel out) {
        static Ends open(String kind) throws IOException {
            return switch (kind) {
                case "sluice" -> {
                    var pipe = dev.sluice.Pipe.open();
                    yield new Ends(pipe.source(), pipe.sink());
                }
                case "nio" -> {
                    var pipe = java.nio.channels.Pipe.open();
                    yield new Ends(pipe.source(), pipe.sink());
                }
                default -> throw new IllegalArgumentException("neither sluice nor nio: " + kind);
            };
        }
    }

    public static void main(String[] arguments) throws Exception {
        String kind = arguments[0];
        int warmUp = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200_000;
        int trips = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 500_000;
        Ends there = Ends.open(kind);
        Ends back = Ends.open(kind);

        Thread.ofVirtual().start(() -> echo(new Side(there.in(), back.out()), warmUp + trips));
        Thread player = Thread.ofVirtual().start(() -> {
            Side side = new Side(back.in(), there.out());
            play(side, warmUp);
            System.out.println(play(side, trips) / trips);
        });
        player.join();
    }

    private static void echo(Side side, int count) {
        try {
            for (int i = 0; i < count; i++) {
                side.receive();
                side.send();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Plays so many round trips, and returns the nanoseconds that all took. */
    private static long play(Side side, int count) {
        long start = System.nanoTime();
        try {
            for (int i = 0; i < count; i++) {
                side.send();
                side.receive();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return System.nanoTime() - start;
    }
}
