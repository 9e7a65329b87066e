// SPDX-License-Identifier: Apache-2.0
// What the peers share: sizes as words ("64K", "1M", "3G"), and one way to give up.
#ifndef PEERS_H
#define PEERS_H

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static inline _Noreturn void give_up(const char *what) {
    perror(what);
    exit(1);
}

// Powers of two, as `sluice` reads a size without a B: K is 1024.
static inline uint64_t size_of(const char *text) {
    char *end;
    uint64_t number = strtoull(text, &end, 10);
    const char *units = "KMGT", *unit = *end ? strchr(units, *end) : NULL;
    if (end == text || (*end && (!unit || end[1]))) {
        fprintf(stderr, "not a size: %s\n", text);
        exit(2);
    }
    return unit ? number << (10 * (unit - units + 1)) : number;
}

static inline double seconds_of(clockid_t clock) {
    struct timespec t;
    if (clock_gettime(clock, &t) != 0) give_up("clock_gettime");
    return t.tv_sec + t.tv_nsec / 1e9;
}

static inline void set_pipe_size(int fd, uint64_t size) {
    if (fcntl(fd, F_SETPIPE_SZ, (int) size) < 0) give_up("F_SETPIPE_SZ");
}

#endif
