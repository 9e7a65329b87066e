// SPDX-License-Identifier: Apache-2.0
// Fills the pipe on standard output, for ever or for a number of bytes.
//
//   producer [-c CHUNK] [-n BYTES] [-s PIPE_SIZE] [-i MICROSECONDS] [-v]
//
//   -c  bytes a write, 64K unless said; 1 is the dribble
//   -n  stop after so many bytes
//   -s  set the pipe's size first
//   -i  wait so long between two writes: every byte then finds its reader asleep
//   -v  vmsplice: hand over references to the same pages instead of copying, which takes the
//       producer's own copying out of the picture
#include "peers.h"
#include <sys/uio.h>

int main(int argc, char **argv) {
    uint64_t chunk = 64 << 10, left = UINT64_MAX, interval = 0;
    int by_reference = 0;
    for (int option; (option = getopt(argc, argv, "c:n:s:i:v")) != -1;) {
        switch (option) {
        case 'c': chunk = size_of(optarg); break;
        case 'n': left = size_of(optarg); break;
        case 's': set_pipe_size(1, size_of(optarg)); break;
        case 'i': interval = size_of(optarg); break;
        case 'v': by_reference = 1; break;
        default: return 2;
        }
    }
    char *buffer = aligned_alloc(4096, (chunk + 4095) & ~4095ULL);
    if (!buffer) give_up("aligned_alloc");
    memset(buffer, 's', chunk);

    struct timespec pause = {.tv_sec = interval / 1000000, .tv_nsec = interval % 1000000 * 1000};
    while (left > 0) {
        size_t length = left < chunk ? left : chunk;
        struct iovec piece = {.iov_base = buffer, .iov_len = length};
        ssize_t n = by_reference ? vmsplice(1, &piece, 1, 0) : write(1, buffer, length);
        if (n < 0) {
            if (errno == EINTR) continue;
            give_up("write");
        }
        left -= n;
        if (interval) nanosleep(&pause, NULL);
    }
    return 0;
}
