// SPDX-License-Identifier: Apache-2.0
// The near end of a proxy: opens connections through it, one after the other, each once the one before was greeted
// by the server behind; prints "ready"; and then
//
//   client PORT send     sends as fast as it goes on all of them
//   client PORT receive  discards what comes; counts bytes
//   client PORT ask      sends a request on each, and the next when it has the answer, which is as long; counts
//                        answers, and at a window's end also prints the median and the 99th percentile of the
//                        time from request to answer, in microseconds
//   client PORT idle     sends one byte on each, and then sits
//
//   -n CONNECTIONS  1 unless said
//   -m MESSAGE      bytes of a request, 100 unless said
//   -c CHUNK, -r    as for server
//
// A refused connection is tried again for ten seconds: the proxy may be starting. Windows as window.h says.
#include "bulk.h"
#include "window.h"
#include <signal.h>

enum { MOST_MICROSECONDS = 1 << 20 };

static struct {
    size_t message;
    uint32_t times[MOST_MICROSECONDS]; // how many answers took so many microseconds
    double *asked;                     // by descriptor
    size_t *missing;                   // bytes of the answer, by descriptor
} asking = {.message = 100};

static int open_connection(int port) {
    double give_up_at = seconds_of(CLOCK_MONOTONIC) + 10;
    int fd;
    while ((fd = connect_to(port)) < 0) {
        if (errno != ECONNREFUSED || seconds_of(CLOCK_MONOTONIC) > give_up_at) give_up("connect");
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
    char greeting;
    if (recv(fd, &greeting, 1, 0) != 1) give_up("no greeting through the proxy");
    non_blocking(fd);
    return fd;
}

static void ask(int fd) {
    asking.asked[fd] = seconds_of(CLOCK_MONOTONIC);
    asking.missing[fd] = asking.message;
    if (send(fd, bulk.buffer, asking.message, MSG_NOSIGNAL) != (ssize_t) asking.message) give_up("send");
}

static int take_answer(int fd) {
    ssize_t n = recv(fd, bulk.buffer, bulk.chunk, 0);
    if (n <= 0) return n < 0 && errno == EAGAIN;
    if ((size_t) n > asking.missing[fd]) give_up("more than the answer");
    if ((asking.missing[fd] -= n) > 0) return 1;
    double microseconds = (seconds_of(CLOCK_MONOTONIC) - asking.asked[fd]) * 1e6;
    asking.times[microseconds < MOST_MICROSECONDS ? (size_t) microseconds : MOST_MICROSECONDS - 1]++;
    window.count++;
    ask(fd);
    return 1;
}

static size_t percentile(double share) {
    uint64_t before = 0;
    size_t i = 0;
    while (i < MOST_MICROSECONDS - 1 && (before += asking.times[i]) < share * window.count) i++;
    return i;
}

static void take_command(char mode) {
    switch (window_command()) {
    case 'e': exit(0);
    case 'o': memset(asking.times, 0, sizeof asking.times); break;
    case 'c':
        if (mode == 'a') printf(" %zu %zu", percentile(0.5), percentile(0.99));
        window_end_line();
        break;
    }
}

static int serve(char mode, int fd) {
    if (mode == 's') return bulk_send(fd);
    if (mode == 'a') return take_answer(fd);
    return bulk_discard(fd, &window.count);
}

int main(int argc, char **argv) {
    int connections = 1;
    for (int option; (option = getopt(argc, argv, "n:m:c:r")) != -1;) {
        switch (option) {
        case 'n': connections = atoi(optarg); break;
        case 'm': asking.message = size_of(optarg); break;
        case 'c': bulk.chunk = size_of(optarg); break;
        case 'r': bulk.by_reference = 1; break;
        default: return 2;
        }
    }
    if (optind + 2 != argc || !strchr("srai", argv[optind + 1][0])) {
        fprintf(stderr, "client PORT send|receive|ask|idle\n");
        return 2;
    }
    int port = atoi(argv[optind]);
    char mode = argv[optind + 1][0];
    signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    bulk_prepare();
    window_prepare();

    int *fds = calloc(connections, sizeof *fds), most = 0;
    for (int i = 0; i < connections; i++) {
        fds[i] = open_connection(port);
        if (fds[i] > most) most = fds[i];
    }
    asking.asked = calloc(most + 1, sizeof *asking.asked);
    asking.missing = calloc(most + 1, sizeof *asking.missing);
    printf("ready\n");
    fflush(stdout);

    int epoll = epoll_create1(EPOLL_CLOEXEC);
    watch_fd(epoll, 0, EPOLLIN);
    for (int i = 0; i < connections; i++) {
        watch_fd(epoll, fds[i], mode == 's' ? EPOLLOUT : EPOLLIN);
        if (mode == 'a') ask(fds[i]);
        if (mode == 'i' && send(fds[i], "i", 1, MSG_NOSIGNAL) != 1) give_up("send");
    }
    static struct epoll_event events[256];
    for (;;) {
        int count = epoll_wait(epoll, events, 256, -1);
        if (count < 0 && errno != EINTR) give_up("epoll_wait");
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == 0) take_command(mode);
            else if (!serve(mode, fd)) give_up("the proxy closed a connection");
        }
    }
}
