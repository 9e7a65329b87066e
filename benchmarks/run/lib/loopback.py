# SPDX-License-Identifier: Apache-2.0
"""client -> PROXY -> server, each a process of its own on loopback, and windows in which they are measured."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

from places import peer
import processes
from proxies import Place


# Seconds until all that waited while the clients were stopped flows again.
LEAD_IN = 0.1

# How often, and how many times at most, a path is looked at that is to come to rest.
REST_LOOK = 0.02
REST_LOOKS = 50


def free_port():
    """A port below those that the kernel gives to outgoing connections."""
    for _ in range(1000):
        port = random.randrange(20000, 32000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    sys.exit("no free port")


def tree(pid):
    """That process and all below it: nginx has workers, socat forks for each connection."""
    parents = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            with open(f"/proc/{entry}/stat") as stat:
                parents.setdefault(int(stat.read().rpartition(")")[2].split()[1]), []).append(int(entry))
    found, at = [pid], 0
    while at < len(found):
        found += parents.get(found[at], [])
        at += 1
    return found


class Program:
    """The client or the server: told by lines what to do, and answering in lines."""

    def __init__(self, *command):
        self.name = os.path.basename(command[0])
        self.process = subprocess.Popen(list(map(str, command)), text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def told(self):
        line = self.process.stdout.readline().split()
        if not line:
            raise RuntimeError(f"the {self.name} ended")
        return line

    def tell(self, line):
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise RuntimeError(f"the {self.name} ended") from None

    def window(self, seconds, pids):
        """Counts for so long; returns count, wall seconds, its own CPU seconds, those of the pids, and the rest."""
        self.tell("open " + " ".join(map(str, pids)))
        time.sleep(seconds)
        self.tell("close")
        return [float(number) for number in self.told()]

    def cpu_seconds(self):
        return processes.cpu_seconds([self.process.pid])

    def signal(self, number):
        self.process.send_signal(number)

    def end(self):
        self.process.kill()
        self.process.wait()
        with contextlib.suppress(BrokenPipeError):  # a line that it did not live to read
            self.process.stdin.close()
        self.process.stdout.close()


class Path:
    """A server and a proxy before it."""

    def __init__(self, proxy, server):
        self.directory = tempfile.TemporaryDirectory(prefix="proxy-")
        os.chmod(self.directory.name, 0o755)  # nginx' workers are somebody else
        self.server = Program(peer("server"), *server)
        self.said = open(os.path.join(self.directory.name, "stderr"), "w+", errors="replace")
        self.clients = []
        self.proxy = None
        try:
            target = self.server.told()[1]
            self.port = free_port()
            place = Place(self.port, target, self.directory.name, len(os.sched_getaffinity(0)))
            # In a session of its own, so that all of its processes can be ended together.
            self.proxy = subprocess.Popen(proxy(place), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                          stderr=self.said, cwd=self.directory.name, start_new_session=True)
        except BaseException:
            self.end()
            raise

    def client(self, *arguments):
        """Starts a client, and returns it once all of its connections stand."""
        program = Program(peer("client"), self.port, *arguments)
        self.clients.append(program)
        program.told()
        return program

    def rest(self):
        """Stops the clients, and returns when what is under way has arrived. From its start on a path is busy."""
        for client in self.clients:
            client.signal(signal.SIGSTOP)
        with contextlib.suppress(OSError):  # one of them has ended
            pids = [*tree(self.proxy.pid), self.server.process.pid]
            spent = processes.cpu_seconds(pids)
            for _ in range(REST_LOOKS):
                time.sleep(REST_LOOK)
                before, spent = spent, processes.cpu_seconds(pids)
                if spent - before < REST_LOOK / 10:
                    break

    @contextlib.contextmanager
    def busy(self):
        """Lets the clients of a path go on that rests."""
        for client in self.clients:
            client.signal(signal.SIGCONT)
        try:
            time.sleep(LEAD_IN)
            yield
        finally:
            self.rest()

    def window(self, counting, seconds):
        """A window of the client or server that counts: its count, seconds, CPU of the proxy, CPU of all, the rest.

        The CPU of the end that does not count is read from here, a moment beside the others.
        """
        pids = tree(self.proxy.pid)
        others = [program for program in [*self.clients, self.server] if program is not counting]
        beside = sum(other.cpu_seconds() for other in others)
        count, wall, own, proxy, *rest = counting.window(seconds, pids)
        beside = sum(other.cpu_seconds() for other in others) - beside
        if count == 0:
            raise RuntimeError("nothing came through")
        return count, wall, proxy, own + proxy + beside, *rest

    def end(self):
        for program in [*self.clients, self.server]:
            program.end()
        if self.proxy:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.proxy.pid, signal.SIGKILL)
            self.proxy.wait()
        self.said.close()
        self.directory.cleanup()


@contextlib.contextmanager
def path(proxy, *server):
    running = Path(proxy, server)
    try:
        yield running
    except RuntimeError:
        # Only then: at the end a proxy has every reason to complain of its clients.
        running.said.seek(0)
        sys.stderr.writelines(running.said.readlines()[-10:])
        raise
    finally:
        running.end()
