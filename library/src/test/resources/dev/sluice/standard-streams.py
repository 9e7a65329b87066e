# SPDX-License-Identifier: Apache-2.0
#
# Plays the shell: shares the file descriptions of a child's standard input and output, and tells whether the child has
# changed their flags. Usage: standard-streams.py KIND END COMMAND...
#   KIND  pipe, fifo, pty, unix, tcp or file: what standard input and output are
#   END   exit: the child ends when told; kill: it is killed with SIGKILL
import fcntl, os, pty, select, signal, socket, subprocess, sys, tempfile

kind, end, command = sys.argv[1], sys.argv[2], sys.argv[3:]
folder = tempfile.mkdtemp()


def tcp():
    listener = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()
    return server.detach(), client.detach()


def one_way():
    """A reading and a writing end."""
    if kind == "pipe":
        return os.pipe()
    if kind == "fifo":
        path = os.path.join(folder, "fifo" + str(len(os.listdir(folder))))
        os.mkfifo(path)
        both = os.open(path, os.O_RDWR)
        ends = os.open(path, os.O_RDONLY), os.open(path, os.O_WRONLY)
        os.close(both)
        return ends
    if kind == "unix":
        return tuple(s.detach() for s in socket.socketpair())
    if kind == "tcp":
        return tcp()
    if kind == "pty":
        master, slave = pty.openpty()
        import tty
        tty.setraw(slave)
        return slave, master
    if kind == "file":
        path = os.path.join(folder, "file")
        open(path, "w").write("hello\n")
        return os.open(path, os.O_RDONLY), None


child_in, to_child = one_way()
if kind == "file":
    child_out = os.open(os.path.join(folder, "out"), os.O_RDWR | os.O_CREAT)
    from_child = None
elif kind == "pty":
    from_child, child_out = to_child, child_in
else:
    from_child, child_out = one_way()

shared = {"stdin": child_in, "stdout": child_out}
before = {name: fcntl.fcntl(fd, fcntl.F_GETFL) for name, fd in shared.items()}


def check(when):
    for name, fd in shared.items():
        now = fcntl.fcntl(fd, fcntl.F_GETFL)
        if now != before[name]:
            sys.exit("%s: the flags of %s were %o and are %o" % (when, name, before[name], now))
        if now & os.O_NONBLOCK:
            sys.exit("%s: %s is non-blocking" % (when, name))


def line():
    """A line of the child's."""
    text = b""
    while not text.endswith(b"\n"):
        if from_child is None:
            select.select([], [], [], 0.01)
            text = os.pread(child_out, 1000, line.position)
            text = text[: text.find(b"\n") + 1]
            line.position += len(text)
        else:
            ready, _, _ = select.select([from_child], [], [], 30)
            if not ready:
                sys.exit("no answer from the child")
            text += os.read(from_child, 1)
    return text.decode().strip()


line.position = 0
child = subprocess.Popen(command, stdin=child_in, stdout=child_out)


def expect(text):
    answer = line()
    if answer != text:
        sys.exit("expected %s, and got %s" % (text, answer))


expect("adopted")
check("after adoption")
if to_child is not None:
    select.select([], [], [], 0.05)  # it may read, and wait, or not yet: both must do
    check("during a wait")
    os.write(to_child, b"hello\n")
expect("got hello")
check("after a read")
if end == "kill":
    child.send_signal(signal.SIGKILL)
elif to_child is not None:
    os.write(to_child, b"exit\n")
status = child.wait()
check("after the end")
print("unchanged", status)
