// SPDX-License-Identifier: Apache-2.0
package dev.sluice.benchmarks;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;

/**
 * A peer: the TCP proxy as one writes it with Netty and its native epoll transport. Both connections of a pair are on
 * one event loop, nothing is read by itself, and the next read follows once the last piece is written.
 *
 * <p>{@code NettyProxy PORT TARGET_PORT}
 */
public final class NettyProxy {
    private NettyProxy() {}

    public static void main(String[] arguments) throws InterruptedException {
        InetSocketAddress listen = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0]));
        InetSocketAddress target = new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[1]));
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(EpollIoHandler.newFactory());
        new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new Near(target))
                .bind(listen)
                .sync()
                .channel()
                .closeFuture()
                .sync();
    }

    /** A client's connection, while the one to the target is being made. */
    @Sharable
    private static final class Near extends ChannelInboundHandlerAdapter {
        private final InetSocketAddress target;

        Near(InetSocketAddress target) {
            this.target = target;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            Channel near = context.channel();
            Bootstrap connect = new Bootstrap()
                    .group(near.eventLoop())
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.AUTO_READ, false)
                    .handler(new Pump(near));
            var _ = connect.connect(target).addListener((ChannelFutureListener) connected -> {
                if (connected.isSuccess()) {
                    near.pipeline().addLast(new Pump(connected.channel()));
                    near.read();
                    connected.channel().read();
                } else {
                    var _ = near.close();
                }
            });
        }
    }

    /** Writes what comes to the other connection. */
    private static final class Pump extends ChannelInboundHandlerAdapter {
        private final Channel other;

        Pump(Channel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object piece) {
            var _ = other.writeAndFlush(piece).addListener((ChannelFutureListener) written -> {
                if (written.isSuccess()) {
                    context.channel().read();
                } else {
                    var _ = context.close();
                }
            });
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (other.isActive()) {
                var _ = other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }
    }
}
