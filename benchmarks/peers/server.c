// SPDX-License-Identifier: Apache-2.0
// The far end of a proxy: takes every connection, greets it with one byte, and then
//
//   server sink    discards what comes; counts bytes
//   server source  sends as fast as it goes
//   server echo    sends back what comes, for messages that fit a socket's buffer
//
//   -c CHUNK  bytes a call, 256K unless said
//   -r        by reference (see bulk.h)
//
// Prints "listening PORT" first. Windows as window.h says.
#include "bulk.h"
#include "window.h"
#include <signal.h>

static void echo(int fd, ssize_t n) {
    if (n > 0 && send(fd, bulk.buffer, n, MSG_NOSIGNAL) != n) give_up("echo: a peer that does not read");
}

static void accept_all(int epoll, int listener, uint32_t events) {
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        no_delay(fd);
        if (send(fd, "h", 1, MSG_NOSIGNAL) == 1) watch_fd(epoll, fd, events);
        else close(fd);
    }
    if (errno != EAGAIN && errno != ECONNABORTED) give_up("accept4");
}

static int serve(char mode, int fd) {
    if (mode == 'k') return bulk_discard(fd, &window.count);
    if (mode == 'u') return bulk_send(fd);
    ssize_t n = recv(fd, bulk.buffer, bulk.chunk, 0);
    echo(fd, n);
    return n > 0 || (n < 0 && errno == EAGAIN);
}

int main(int argc, char **argv) {
    for (int option; (option = getopt(argc, argv, "c:r")) != -1;) {
        switch (option) {
        case 'c': bulk.chunk = size_of(optarg); break;
        case 'r': bulk.by_reference = 1; break;
        default: return 2;
        }
    }
    const char *word = optind < argc ? argv[optind] : "";
    char mode = !strcmp(word, "sink") ? 'k' : !strcmp(word, "source") ? 'u' : !strcmp(word, "echo") ? 'e' : 0;
    if (!mode) {
        fprintf(stderr, "server sink|source|echo\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN); // sendfile has no MSG_NOSIGNAL
    raise_descriptor_limit();
    bulk_prepare();
    window_prepare();
    int port = 0, listener = listen_on(&port), epoll = epoll_create1(EPOLL_CLOEXEC);
    watch_fd(epoll, listener, EPOLLIN);
    watch_fd(epoll, 0, EPOLLIN);
    printf("listening %d\n", port);
    fflush(stdout);

    static struct epoll_event events[256];
    for (;;) {
        int count = epoll_wait(epoll, events, 256, -1);
        if (count < 0 && errno != EINTR) give_up("epoll_wait");
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                accept_all(epoll, listener, mode == 'u' ? EPOLLOUT : EPOLLIN);
            } else if (fd == 0) {
                int command = window_command();
                if (command == 'e') return 0;
                if (command == 'c') window_end_line();
            } else if (!serve(mode, fd)) {
                close(fd);
            }
        }
    }
}
