// SPDX-License-Identifier: Apache-2.0
// A logger for containerd's binary:// in C: each output into a file, by read(2) and write(2) or by splice(2).
// Arguments as containerd passes them: "out PATH" (standard error goes to PATH.err) and "by splice|write".
#include "peers.h"

static int append(const char *path, const char *suffix) {
    char name[4096];
    snprintf(name, sizeof name, "%s%s", path, suffix);
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (fd < 0) give_up(name);
    return fd;
}

static ssize_t move(int from, int to, int by_splice) {
    static char buffer[65536];
    if (by_splice) return splice(from, NULL, to, NULL, 1 << 20, SPLICE_F_MOVE);
    ssize_t n = read(from, buffer, sizeof buffer);
    for (ssize_t done = 0; done < n;) {
        ssize_t written = write(to, buffer + done, n - done);
        if (written < 0) give_up("write");
        done += written;
    }
    return n;
}

int main(int count, char **words) {
    const char *out = NULL;
    int by_splice = 0;
    for (int i = 1; i + 1 < count; i += 2) {
        if (!strcmp(words[i], "out")) out = words[i + 1];
        if (!strcmp(words[i], "by")) by_splice = !strcmp(words[i + 1], "splice");
    }
    if (!out) return 2;
    int files[2] = {append(out, ""), append(out, ".err")};
    struct pollfd sources[2] = {{.fd = 3, .events = POLLIN}, {.fd = 4, .events = POLLIN}};
    if (write(5, "r", 1) != 1) give_up("ready");
    close(5);
    while (sources[0].fd >= 0 || sources[1].fd >= 0) {
        if (poll(sources, 2, -1) < 0 && errno != EINTR) give_up("poll");
        for (int i = 0; i < 2; i++) {
            if (sources[i].fd >= 0 && sources[i].revents && move(sources[i].fd, files[i], by_splice) == 0)
                sources[i].fd = -1;
        }
    }
    return 0;
}
