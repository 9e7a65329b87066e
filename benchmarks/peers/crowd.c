// SPDX-License-Identifier: Apache-2.0
// Many containers that say little: feeds N FIFOs with Docker's frames, some lines a second each and evenly spread, and
// watches the log files for them (inotify). Prints how long lines took from the write to the file.
//
//   crowd FIFOS LOGS COUNT LINES-A-SECOND SECONDS
//
// FIFOS0, FIFOS1 ... are the FIFOs, LOGS/crowd0/container.log ... the files. A line says when it was written.
#include "peers.h"
#include <pthread.h>
#include <stdatomic.h>
#include <sys/inotify.h>

#define MARK '@'
#define STAMP 16

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static int file_count, *fifos, *files, *of_watch, watcher;
static double rate, duration;
static double *latency;
static size_t seen, room;
static _Atomic int feeding = 1;
static _Atomic size_t fed;

static size_t varint(unsigned char *to, uint64_t value) {
    size_t n = 0;
    for (; value >= 0x80; value >>= 7) to[n++] = value | 0x80;
    to[n++] = value;
    return n;
}

// A LogEntry of one line: source, time, 83 bytes of text that begin with the time.
static void feed(int fifo) {
    unsigned char frame[160] = {0, 0, 0, 0, 0x0a, 6, 's', 't', 'd', 'o', 'u', 't', 0x10};
    size_t n = 13 + varint(frame + 13, (uint64_t) time(NULL) * 1000000000ull);
    char line[84];
    int length = snprintf(line, sizeof line, "%c%016llx %065d", MARK, (unsigned long long) now(), 0);
    frame[n++] = 0x1a;
    frame[n++] = length;
    memcpy(frame + n, line, length);
    n += length;
    frame[3] = n - 4;
    if (write(fifo, frame, n) != (ssize_t) n) give_up("feed");
    fed++;
}

static void *feed_all(void *unused) {
    uint64_t start = now(), step = 1e9 / (rate * file_count), lines = rate * file_count * duration;
    for (uint64_t i = 0; i < lines; i++) {
        uint64_t due = start + i * step, at = now();
        if (due > at) {
            struct timespec wait = {(due - at) / 1000000000, (due - at) % 1000000000};
            nanosleep(&wait, NULL);
        }
        feed(fifos[i % file_count]);
    }
    sleep(1);
    feeding = 0;
    return NULL;
}

static void look(int file) {
    static char text[1 << 16];
    ssize_t n = read(file, text, sizeof text);
    uint64_t at = now();
    for (char *mark = text; n > 0 && (mark = memchr(mark, MARK, text + n - mark)); mark++) {
        if (mark + STAMP < text + n && seen < room) {
            char stamp[STAMP + 1] = {0};
            memcpy(stamp, mark + 1, STAMP);
            latency[seen++] = (at - strtoull(stamp, NULL, 16)) / 1e6;
        }
    }
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *) a, y = *(const double *) b;
    return (x > y) - (x < y);
}

int main(int count, char **words) {
    if (count != 6) return 2;
    file_count = atoi(words[3]);
    rate = atof(words[4]);
    duration = atof(words[5]);
    room = rate * file_count * duration + 1;
    fifos = calloc(file_count, sizeof *fifos);
    files = calloc(file_count, sizeof *files);
    of_watch = calloc(file_count + 2, sizeof *of_watch);
    latency = calloc(room, sizeof *latency);
    watcher = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    for (int i = 0; i < file_count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s%d", words[1], i);
        if ((fifos[i] = open(path, O_WRONLY)) < 0) give_up(path);
        snprintf(path, sizeof path, "%s/crowd%d/container.log", words[2], i);
        if ((files[i] = open(path, O_RDONLY)) < 0) give_up(path);
        int watch = inotify_add_watch(watcher, path, IN_MODIFY);
        if (watch < 0 || watch > file_count + 1) give_up("inotify_add_watch");
        of_watch[watch] = i;
    }
    pthread_t feeder;
    pthread_create(&feeder, NULL, feed_all, NULL);
    struct pollfd wait = {.fd = watcher, .events = POLLIN};
    while (feeding) {
        static char events[1 << 16] __attribute__((aligned(8)));
        poll(&wait, 1, 100);
        ssize_t n = read(watcher, events, sizeof events);
        for (ssize_t at = 0; at < n;) {
            struct inotify_event *event = (void *) (events + at);
            look(files[of_watch[event->wd]]);
            at += sizeof *event + event->len;
        }
    }
    pthread_join(feeder, NULL);
    qsort(latency, seen, sizeof *latency, by_size);
    printf("%zu %zu %.3f %.3f %.3f\n", (size_t) fed, seen, seen ? latency[seen / 2] : 0,
           seen ? latency[seen * 99 / 100] : 0, seen ? latency[seen - 1] : 0);
    return 0;
}
