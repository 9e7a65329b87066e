// SPDX-License-Identifier: Apache-2.0
// What the programs that talk over loopback share.
#ifndef NET_H
#define NET_H

#include "peers.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

static inline struct sockaddr_in loopback(int port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static inline void no_delay(int fd) {
    int on = 1;
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) give_up("TCP_NODELAY");
}

static inline void non_blocking(int fd) {
    if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0) give_up("O_NONBLOCK");
}

// Port 0 takes a free one; which it became is returned in *port.
static inline int listen_on(int *port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
    if (fd < 0) give_up("socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = loopback(*port);
    socklen_t length = sizeof address;
    if (bind(fd, (struct sockaddr *) &address, length) != 0) give_up("bind");
    if (listen(fd, 4096) != 0) give_up("listen");
    if (getsockname(fd, (struct sockaddr *) &address, &length) != 0) give_up("getsockname");
    *port = ntohs(address.sin_port);
    return fd;
}

// A blocking connection, or -1 with errno.
static inline int connect_to(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) give_up("socket");
    struct sockaddr_in address = loopback(port);
    if (connect(fd, (struct sockaddr *) &address, sizeof address) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    no_delay(fd);
    return fd;
}

static inline void watch(int epoll, int fd, uint32_t events, epoll_data_t data) {
    struct epoll_event event = {.events = events, .data = data};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) give_up("epoll_ctl");
}

static inline void watch_fd(int epoll, int fd, uint32_t events) {
    watch(epoll, fd, events, (epoll_data_t){.fd = fd});
}

// As many descriptors as the hard limit allows.
static inline void raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) give_up("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) give_up("setrlimit");
}

#endif
