# SPDX-License-Identifier: Apache-2.0
"""producer | COPIER | consumer over two pipes of a given size, measured by the consumer in one window."""

import collections
import fcntl
import os
import subprocess

from places import peer

F_SETPIPE_SZ = 1031

# Bytes and seconds of the window; CPU seconds of the copier alone, and of all three together.
Window = collections.namedtuple("Window", "bytes seconds copier_cpu all_cpu")


def pipe(size):
    ends = os.pipe()
    fcntl.fcntl(ends[1], F_SETPIPE_SZ, size)
    return ends


def run(copier, pipe_size, producer=(), consumer=(), warm_up=2.0, seconds=2.0):
    """Runs one pipeline and returns its Window. The copier's stderr is shown if it fails to deliver."""
    source, destination = pipe(pipe_size), pipe(pipe_size)
    started = []

    def start(command, **streams):
        started.append(subprocess.Popen(command, **streams))
        return started[-1]

    try:
        copying = start(copier, stdin=source[0], stdout=destination[1], stderr=subprocess.DEVNULL)
        # Its own stderr would only tell of the broken pipe at the end.
        producing = start([peer("producer"), *producer], stdout=source[1], stderr=subprocess.DEVNULL)
        consuming = start(
            [peer("consumer"), "-W", str(warm_up), "-t", str(seconds),
             "-p", str(copying.pid), "-p", str(producing.pid), *consumer],
            stdin=destination[0], stdout=subprocess.PIPE, text=True)
        for end in source + destination:
            os.close(end)
        line, _ = consuming.communicate()
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()
    if consuming.returncode != 0:
        raise RuntimeError(f"{copier[0]} did not deliver through the window")
    moved, wall, own, copier_cpu, producer_cpu = map(float, line.split())
    return Window(moved, wall, copier_cpu, own + copier_cpu + producer_cpu)
