// SPDX-License-Identifier: Apache-2.0
// A TCP proxy by splice(2): one thread, one edge-triggered epoll, a pipe of 1 MiB for each direction, empty before
// each fill. The limit, in CPU per byte, for any proxy on one thread.
//
//   splice-proxy PORT TARGET_PORT
#include "net.h"
#include <signal.h>

enum { PIPE_SIZE = 1 << 20, MOST_TURNS = 16 };

struct direction {
    int from, to, pipe[2];
    size_t held; // bytes in the pipe
    int readable, writable, ended, queued;
    struct relay *relay;
    struct direction *next;
};

struct relay {
    struct direction there, back;
    int gone;
    struct relay *next;
};

// One socket of the two, as epoll tells of it.
struct end {
    struct direction *reads, *writes;
};

static struct direction *queue;  // those that had their turns and may go on
static struct relay *graveyard;  // to be freed once no event of this batch can name it
static int epoll;

static void bury(struct relay *relay) {
    if (relay->gone) return;
    relay->gone = 1;
    close(relay->there.from);
    close(relay->there.to);
    for (int i = 0; i < 2; i++) {
        if (relay->there.pipe[i] >= 0) close(relay->there.pipe[i]);
        if (relay->back.pipe[i] >= 0) close(relay->back.pipe[i]);
    }
    relay->next = graveyard;
    graveyard = relay;
}

static void open_pipe(struct direction *d) {
    if (pipe2(d->pipe, O_NONBLOCK | O_CLOEXEC) != 0) give_up("pipe2");
    fcntl(d->pipe[0], F_SETPIPE_SZ, PIPE_SIZE); // beyond its user's quota it stays as it is
}

// Returns 1 where there is more to do at once.
static int turn(struct direction *d) {
    if (d->held == 0) {
        if (!d->readable) return 0;
        if (d->pipe[0] < 0) open_pipe(d);
        ssize_t n = splice(d->from, NULL, d->pipe[1], NULL, PIPE_SIZE, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
        if (n < 0 && errno == EAGAIN) return d->readable = 0;
        if (n < 0) {
            bury(d->relay);
            return 0;
        }
        if (n == 0) {
            d->ended = 1;
            shutdown(d->to, SHUT_WR);
            if (d->relay->there.ended && d->relay->back.ended) bury(d->relay);
            return 0;
        }
        d->held = n;
    }
    if (!d->writable) return 0;
    ssize_t n = splice(d->pipe[0], NULL, d->to, NULL, d->held, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    if (n < 0 && errno == EAGAIN) return d->writable = 0;
    if (n < 0) {
        bury(d->relay);
        return 0;
    }
    d->held -= n;
    return 1;
}

static void pump(struct direction *d) {
    for (int i = 0; i < MOST_TURNS; i++)
        if (d->ended || d->relay->gone || !turn(d)) return;
    if (d->queued) return;
    d->queued = 1;
    d->next = queue;
    queue = d;
}

static void start(int client, int target_port) {
    int target = connect_to(target_port);
    if (target < 0) {
        close(client);
        return;
    }
    no_delay(client);
    non_blocking(target);
    struct {
        struct relay relay;
        struct end ends[2];
    } *all = calloc(1, sizeof *all);
    if (!all) give_up("calloc");
    struct relay *relay = &all->relay;
    relay->there = (struct direction){.from = client, .to = target, .pipe = {-1, -1}, .relay = relay};
    relay->back = (struct direction){.from = target, .to = client, .pipe = {-1, -1}, .relay = relay};
    all->ends[0] = (struct end){.reads = &relay->there, .writes = &relay->back};
    all->ends[1] = (struct end){.reads = &relay->back, .writes = &relay->there};
    uint32_t events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    watch(epoll, client, events, (epoll_data_t){.ptr = &all->ends[0]});
    watch(epoll, target, events, (epoll_data_t){.ptr = &all->ends[1]});
}

static void handle(struct end *end, uint32_t events) {
    if (end->reads->relay->gone) return;
    if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) end->reads->readable = 1;
    if (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) end->writes->writable = 1;
    pump(end->reads);
    pump(end->writes);
}

static void pump_queue(void) {
    struct direction *d = queue;
    queue = NULL;
    for (struct direction *next; d; d = next) {
        next = d->next;
        d->queued = 0;
        pump(d);
    }
}

static void clear_graveyard(void) {
    struct relay *relay = graveyard;
    graveyard = NULL;
    for (struct relay *next; relay; relay = next) {
        next = relay->next;
        if (relay->there.queued || relay->back.queued) { // the queue still names it
            relay->next = graveyard;
            graveyard = relay;
        } else {
            free(relay);
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    int port = atoi(argv[1]), listener = listen_on(&port);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    watch(epoll, listener, EPOLLIN, (epoll_data_t){.ptr = NULL});
    static struct epoll_event events[256];
    for (;;) {
        int count = epoll_wait(epoll, events, 256, queue ? 0 : -1);
        if (count < 0 && errno != EINTR) give_up("epoll_wait");
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr) {
                handle(events[i].data.ptr, events[i].events);
                continue;
            }
            int client;
            while ((client = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
                start(client, atoi(argv[2]));
        }
        pump_queue();
        clear_graveyard();
    }
}
