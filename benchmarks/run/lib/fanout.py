# SPDX-License-Identifier: Apache-2.0
"""producer | SPREADER | consumers over pipes of a given size, measured by the first consumer in one window."""

import os
import subprocess

from pipeline import Window, pipe
from places import peer


def run(spreader, count, pipe_size, producer=(), consumer=(), warm_up=2.0, seconds=2.0):
    """Runs spreader(fds) with its first destination as standard output and the others as fds; returns its Window."""
    source = pipe(pipe_size)
    destinations = [pipe(pipe_size) for _ in range(count)]
    others = [ends[1] for ends in destinations[1:]]
    started = []

    def start(command, **streams):
        started.append(subprocess.Popen(command, **streams))
        return started[-1]

    try:
        spreading = start(spreader(others), stdin=source[0], stdout=destinations[0][1], stderr=subprocess.DEVNULL,
                          pass_fds=others)
        producing = start([peer("producer"), *producer], stdout=source[1], stderr=subprocess.DEVNULL)
        for ends in destinations[1:]:
            start([peer("consumer"), *consumer], stdin=ends[0], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        measuring = start(
            [peer("consumer"), "-W", str(warm_up), "-t", str(seconds),
             "-p", str(spreading.pid), "-p", str(producing.pid), *consumer],
            stdin=destinations[0][0], stdout=subprocess.PIPE, text=True)
        for ends in [source, *destinations]:
            for end in ends:
                os.close(end)
        line, _ = measuring.communicate()
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()
    if measuring.returncode != 0:
        raise RuntimeError(f"{spreading.args[0]} did not deliver through the window")
    moved, wall, own, spreader_cpu, producer_cpu = map(float, line.split())
    return Window(moved, wall, spreader_cpu, own + spreader_cpu + producer_cpu)
