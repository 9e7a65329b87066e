// SPDX-License-Identifier: Apache-2.0
// Discards what arrives on standard input, and measures it in a window after a warm-up.
//
//   consumer [-c CHUNK] [-w WARM_UP_BYTES] [-W WARM_UP_SECONDS] [-t SECONDS] [-p PID]... [-s PIPE_SIZE] [-d]
//
//   -c  bytes a read, 64K unless said
//   -w  the window opens when so many bytes have come ...
//   -W  ... and so many seconds have passed since the first of them
//   -t  the window closes after so many seconds; without it, at the end of input
//   -p  also tell the CPU time of that process within the window (several may be given)
//   -s  set the pipe's size first
//   -d  discard by splice to /dev/null, which takes the consumer's own copying out of the picture
//
// Prints one line when the window closes: bytes, wall seconds, its own CPU seconds, and those of each
// PID. All are read at the same two instants, here, so nobody need watch from beside while it runs.
// The CPU clock of a process counts all its threads, also those that have ended, in nanoseconds.
#include "peers.h"

enum { MOST_CLOCKS = 8 };

static clockid_t clocks[MOST_CLOCKS] = {CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID};
static int clock_count = 2;
static double opened[MOST_CLOCKS];

static void add_process(pid_t pid) {
    if (clock_count == MOST_CLOCKS) give_up("too many processes");
    errno = clock_getcpuclockid(pid, &clocks[clock_count++]);
    if (errno) give_up("clock_getcpuclockid");
}

static void open_window(void) {
    for (int i = 0; i < clock_count; i++) opened[i] = seconds_of(clocks[i]);
}

static void close_window(uint64_t bytes) {
    double closed[MOST_CLOCKS];
    for (int i = 0; i < clock_count; i++) closed[i] = seconds_of(clocks[i]);
    printf("%llu", (unsigned long long) bytes);
    for (int i = 0; i < clock_count; i++) printf(" %.9f", closed[i] - opened[i]);
    printf("\n");
}

int main(int argc, char **argv) {
    uint64_t chunk = 64 << 10, warm_up_bytes = 0;
    double warm_up_seconds = 0, window_seconds = 0;
    int discard = -1;
    for (int option; (option = getopt(argc, argv, "c:w:W:t:p:s:d")) != -1;) {
        switch (option) {
        case 'c': chunk = size_of(optarg); break;
        case 'w': warm_up_bytes = size_of(optarg); break;
        case 'W': warm_up_seconds = atof(optarg); break;
        case 't': window_seconds = atof(optarg); break;
        case 'p': add_process(atoi(optarg)); break;
        case 's': set_pipe_size(0, size_of(optarg)); break;
        case 'd':
            if ((discard = open("/dev/null", O_WRONLY)) < 0) give_up("/dev/null");
            break;
        default: return 2;
        }
    }
    char *buffer = aligned_alloc(4096, (chunk + 4095) & ~4095ULL);
    if (!buffer) give_up("aligned_alloc");

    uint64_t total = 0, total_at_opening = 0;
    double first = 0;
    int open = 0;
    for (;;) {
        ssize_t n = discard < 0 ? read(0, buffer, chunk) : splice(0, NULL, discard, NULL, chunk, 0);
        if (n < 0) {
            if (errno == EINTR) continue;
            give_up("read");
        }
        if (n == 0) break;
        double now = seconds_of(CLOCK_MONOTONIC);
        if (total == 0) first = now;
        total += n;
        if (!open) {
            if (total >= warm_up_bytes && now - first >= warm_up_seconds) {
                open = 1;
                total_at_opening = total;
                open_window();
            }
        } else if (window_seconds > 0 && now - opened[0] >= window_seconds) {
            break;
        }
    }
    if (!open) {
        fprintf(stderr, "consumer: input ended after %llu bytes, before the warm-up did\n",
                (unsigned long long) total);
        return 1;
    }
    close_window(total - total_at_opening);
    return 0;
}
