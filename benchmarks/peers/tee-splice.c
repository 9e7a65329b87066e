// SPDX-License-Identifier: Apache-2.0
// Standard input to standard output and to each descriptor named, by a blocking tee(2) and splice(2) loop: the limit
// for any fan-out between pipes. Nobody else may read the input, and every destination is waited for.
//
//   tee-splice [FD]...
#include "peers.h"

enum { MOST_DESTINATIONS = 64, CHUNK = 1 << 20 };

static int staging[MOST_DESTINATIONS][2];

static void splice_all(int from, int to, ssize_t count) {
    while (count > 0) {
        ssize_t n = splice(from, NULL, to, NULL, count, SPLICE_F_MOVE);
        if (n < 0) give_up("splice");
        count -= n;
    }
}

int main(int argc, char **argv) {
    int others = argc - 1;
    int size = fcntl(0, F_GETPIPE_SZ);
    for (int i = 0; i < others; i++) {
        if (pipe2(staging[i], O_CLOEXEC) != 0) give_up("pipe2");
        set_pipe_size(staging[i][1], size);
    }
    for (;;) {
        // Into empty pipes of as many slots: none is short.
        ssize_t count = others > 0 ? tee(0, staging[0][1], CHUNK, 0) : splice(0, NULL, 1, NULL, CHUNK, SPLICE_F_MOVE);
        if (count < 0) give_up("tee");
        if (count == 0) return 0;
        if (others == 0) continue;
        for (int i = 1; i < others; i++) {
            if (tee(0, staging[i][1], count, 0) != count) give_up("a short tee");
        }
        splice_all(0, 1, count);
        for (int i = 0; i < others; i++) splice_all(staging[i][0], atoi(argv[i + 1]), count);
    }
}
