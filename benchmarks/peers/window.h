// SPDX-License-Identifier: Apache-2.0
// A window of measurement, opened and closed by lines on standard input:
//
//   open PID...   counts from here on: what is done, the time, the CPU time of this program and of those processes
//   close         prints one line: count, wall seconds, its own CPU seconds, the CPU seconds of all PIDs together
//
// Count and clocks are read at the same instant, by the program that does the counting, within its event loop; so
// it does not matter how late the lines are seen. A process' CPU clock counts all its threads, in nanoseconds, also
// those that have ended. At the end of standard input the program ends.
#ifndef WINDOW_H
#define WINDOW_H

#include "peers.h"

enum { MOST_PROCESSES = 4096 };

static struct {
    int open;
    uint64_t count; // what the program counts while open
    double wall, own;
    int processes;
    clockid_t clocks[MOST_PROCESSES];
    double cpu[MOST_PROCESSES];
} window;

// Before anything else: a line that waits in stdio's buffer would be unseen by epoll.
static void window_prepare(void) {
    setvbuf(stdin, NULL, _IONBF, 0);
}

static void window_read_processes(char *pids) {
    window.processes = 0;
    for (char *word = strtok(pids, " "); word; word = strtok(NULL, " ")) {
        if (window.processes == MOST_PROCESSES) give_up("too many processes");
        if (clock_getcpuclockid(atoi(word), &window.clocks[window.processes]) != 0) continue; // ended already
        window.cpu[window.processes] = seconds_of(window.clocks[window.processes]);
        window.processes++;
    }
}

static void window_open(char *pids) {
    window_read_processes(pids);
    window.own = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    window.wall = seconds_of(CLOCK_MONOTONIC);
    window.count = 0;
    window.open = 1;
}

static void window_close(void) {
    double wall = seconds_of(CLOCK_MONOTONIC) - window.wall, others = 0;
    for (int i = 0; i < window.processes; i++) {
        struct timespec t;
        if (clock_gettime(window.clocks[i], &t) != 0) give_up("a process ended within the window");
        others += t.tv_sec + t.tv_nsec / 1e9 - window.cpu[i];
    }
    printf("%llu %.9f %.9f %.9f", (unsigned long long) window.count, wall,
           seconds_of(CLOCK_PROCESS_CPUTIME_ID) - window.own, others);
    window.open = 0;
}

// Takes what came on standard input: 'o' or 'c' for a window opened or closed, 'e' for the end of input. After a
// close the program may print more figures; then it ends the line.
static int window_command(void) {
    static char line[MOST_PROCESSES * 8];
    if (!fgets(line, sizeof line, stdin)) return 'e';
    line[strcspn(line, "\n")] = 0;
    if (strncmp(line, "open", 4) == 0) {
        window_open(line + 4);
        return 'o';
    }
    if (strcmp(line, "close") == 0) {
        window_close();
        return 'c';
    }
    fprintf(stderr, "not a command: %s\n", line);
    exit(2);
}

static void window_end_line(void) {
    printf("\n");
    fflush(stdout);
}

#endif
