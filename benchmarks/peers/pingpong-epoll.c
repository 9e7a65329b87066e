// SPDX-License-Identifier: Apache-2.0
// Ping-pong by non-blocking reads and edge-triggered epoll: what an event loop pays.
#include "pingpong.h"
#include <sys/epoll.h>

static void prepare(struct side *side) {
    if (fcntl(side->in, F_SETFL, O_NONBLOCK) < 0) give_up("O_NONBLOCK");
    side->epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET};
    if (epoll_ctl(side->epoll, EPOLL_CTL_ADD, side->in, &event) != 0) give_up("epoll_ctl");
}

static void receive(struct side *side) {
    for (;;) {
        char byte;
        if (read(side->in, &byte, 1) == 1) return;
        if (errno != EAGAIN && errno != EINTR) give_up("read");
        struct epoll_event event;
        if (epoll_wait(side->epoll, &event, 1, -1) < 0 && errno != EINTR) give_up("epoll_wait");
    }
}
