# SPDX-License-Identifier: Apache-2.0
"""A dockerd and a containerd of our own, with an image to run, of which nothing is left in the end. They need root."""

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time

IMAGE = "docker.io/library/sluice-bench:1"
PROGRAMS = ("sh", "cat", "dd", "echo", "head", "sleep", "yes")

CONTAINERD = """version = 2
root = "{0}/root"
state = "{0}/state"
disabled_plugins = [
    "io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.aufs",
    "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[grpc]
address = "{0}/s"
[ttrpc]
address = "{0}/t"
"""


def run(command, seconds=300, **more):
    """Runs a command to its good end, with nothing to read; returns what it wrote."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, **more)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def save_image(path):
    """A docker-archive with this machine's static busybox."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        tar.add(shutil.which("busybox"), "bin/busybox")
        for program in PROGRAMS:
            link = tarfile.TarInfo("bin/" + program)
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)
    digest = "sha256:" + hashlib.sha256(layer.getvalue()).hexdigest()
    parts = {
        "manifest.json": json.dumps(
            [{"Config": "config.json", "RepoTags": [IMAGE], "Layers": ["layer.tar"]}]).encode(),
        "config.json": json.dumps({
            "architecture": {"aarch64": "arm64"}.get(os.uname().machine, "amd64"), "os": "linux",
            "config": {"Env": ["PATH=/bin"]}, "rootfs": {"type": "layers", "diff_ids": [digest]}}).encode(),
        "layer.tar": layer.getvalue()}
    with tarfile.open(path, "w") as tar:
        for name, content in parts.items():
            part = tarfile.TarInfo(name)
            part.size = len(content)
            tar.addfile(part, io.BytesIO(content))


def wait_until(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"not in {seconds} s: {what}")
        time.sleep(0.02)


class Host:
    """A folder, and the daemons in it."""

    def __init__(self):
        for program in ("busybox", *self.programs):
            if not shutil.which(program):
                sys.exit(f"needs {program}")
        self.name = f"sluicebench{os.getpid()}"
        self.folder = "/tmp/" + self.name
        os.mkdir(self.folder)
        self.daemons = []

    def __enter__(self):
        try:
            self.begin()
            image = self.path("image.tar")
            save_image(image)
            self.load(image)
            os.remove(image)
        except BaseException:
            self.__exit__()
            raise
        return self

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, command, ready, **more):
        """Starts a daemon, and waits until it answers."""
        with open(self.path("log"), "a") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **more)
        self.daemons.append(process)

        def answers():
            if process.poll() is not None:
                with open(self.path("log")) as log:
                    raise RuntimeError(f"{command[0]} has ended: {log.read()[-2000:]}")
            return ready()

        wait_until(answers, f"{command[0]} answers")
        return process

    def pids(self, *words):
        """Who was started with all these words, one of them a path in our folder."""
        found = []
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as line:
                    command = line.read().decode(errors="replace")
            except OSError:
                continue
            if self.folder + "/" in command and all(word in command for word in words) and int(entry) != os.getpid():
                found.append(int(entry))
        return found

    def __exit__(self, *unused):
        self.remove_containers()
        for process in reversed(self.daemons):
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pid in self.pids():
            os.kill(pid, signal.SIGKILL)
        with open("/proc/self/mountinfo") as mounts:
            places = [line.split()[4] for line in mounts]
        for place in sorted(places, reverse=True):
            if place.startswith(self.folder + "/"):
                subprocess.run(["umount", "--lazy", place])
        subprocess.run(["find", "/sys/fs/cgroup", "-depth", "-path", f"*/{self.name}*", "-type", "d", "-exec", "rmdir",
                        "{}", "+"], stderr=subprocess.DEVNULL)
        shutil.rmtree(self.folder, ignore_errors=True)


class Dockerd(Host):
    programs = ("dockerd", "docker", "containerd", "runc")

    def begin(self):
        self.environment = {**os.environ, "DOCKER_HOST": f"unix://{self.path('s')}",
                            "DOCKER_CONFIG": self.path("client")}
        self.daemon = self.start(
            ["dockerd", f"--host=unix://{self.path('s')}", f"--data-root={self.path('data')}",
             f"--exec-root={self.path('run')}", f"--pidfile={self.path('pid')}", f"--cgroup-parent=/{self.name}",
             "--bridge=none", "--iptables=false", "--ip6tables=false", "--storage-driver=vfs"],
            lambda: subprocess.run(["docker", "version"], env=self.environment, stdin=subprocess.DEVNULL,
                                   capture_output=True).returncode == 0)

    def docker(self, *words):
        return run(["docker", *words], env=self.environment).strip()

    def load(self, image):
        self.docker("load", "--input", image)

    def remove_containers(self):
        try:
            for container in self.docker("ps", "--all", "--quiet").split():
                self.docker("rm", "--force", container)
        except (RuntimeError, AttributeError, subprocess.TimeoutExpired) as failure:
            print(failure, file=sys.stderr)


class Containerd(Host):
    programs = ("containerd", "ctr", "runc")

    def begin(self):
        with open(self.path("config.toml"), "w") as config:
            config.write(CONTAINERD.format(self.folder))
        self.daemon = self.start(
            ["containerd", "--config", self.path("config.toml")],
            lambda: subprocess.run(["ctr", "--address", self.path("s"), "version"], stdin=subprocess.DEVNULL,
                                   capture_output=True).returncode == 0)

    def ctr(self, *words):
        return run(["ctr", "--address", self.path("s"), "--namespace", self.name, *words])

    def load(self, image):
        self.ctr("image", "import", image)

    def remove(self, container):
        subprocess.run(["ctr", "--address", self.path("s"), "--namespace", self.name, "task", "rm", "--force",
                        container], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        self.ctr("container", "rm", container)

    def remove_containers(self):
        try:
            for container in self.ctr("container", "ls", "--quiet").split():
                self.remove(container)
        except (RuntimeError, subprocess.TimeoutExpired) as failure:
            print(failure, file=sys.stderr)
