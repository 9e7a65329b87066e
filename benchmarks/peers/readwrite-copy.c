// SPDX-License-Identifier: Apache-2.0
// Standard input to standard output through a buffer of 64 KiB, as most programs copy.
#include "peers.h"

int main(void) {
    static char buffer[64 << 10];
    for (;;) {
        ssize_t n = read(0, buffer, sizeof buffer);
        if (n == 0) return 0;
        if (n < 0) {
            if (errno == EINTR) continue;
            give_up("read");
        }
        for (ssize_t done = 0; done < n;) {
            ssize_t m = write(1, buffer + done, n - done);
            if (m >= 0) done += m;
            else if (errno != EINTR) give_up("write");
        }
    }
}
