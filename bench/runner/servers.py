"""Servers under load: started, pinned, found, ended; and what builds those
that no other work has."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from runner.toolchain import BENCH, Compiled, Python, Toolchain, \
    package_version
from runner.work import Failure, pinned

PATIENCE = 20  # seconds for a server to listen


# --- toolchains ---

ASIO = Compiled("g++", ["-std=c++17"], ["-lpthread"], "libboost-dev",
                ["/usr/include/boost/asio.hpp"])
ASIO_COROUTINE = Compiled("g++", ["-std=c++20"], ["-lpthread"],
                          "libboost-dev", ["/usr/include/boost/asio.hpp"])
ASIO_SPAWN = Compiled(
    "g++", ["-std=c++17"],
    ["-lboost_coroutine", "-lboost_context", "-lpthread"],
    "libboost-coroutine-dev",
    ["/usr/include/boost/asio.hpp", "/usr/include/boost/coroutine/all.hpp"])
LOAD = Compiled(flags=["-Wall", "-Wextra"])


class Httptools(Python):
    """For httptools, which needs uvloop beside it."""

    def __init__(self):
        super().__init__("httptools")
        self.uvloop = Python("uvloop")

    def missing(self):
        return super().missing() or self.uvloop.missing()

    def version(self):
        return (f"{self.uvloop.version()}, httptools "
                f"{package_version('python3-httptools')}")


HTTPTOOLS = Httptools()


class Nginx(Toolchain):
    need = ("/usr/sbin/nginx",)

    def version(self):
        return package_version("nginx", "nginx-light")

    def build(self, work, program, build):
        return ["/usr/sbin/nginx", os.path.join(BENCH, program.source)], None


NGINX = Nginx()


# --- a server ---

def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port):
    """Asks the kernel rather than the server: it is to be cold."""
    address = int.from_bytes(b"\x7f\0\0\1", sys.byteorder)
    wanted = f"{address:08X}:{port:04X}"
    with open("/proc/net/tcp", encoding="ascii") as table:
        return any(line.split()[1] == wanted and line.split()[3] == "0A"
                   for line in list(table)[1:])


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def wait_for(condition, what, process):
    end = time.monotonic() + PATIENCE
    while not (found := condition()):
        if process.poll() is not None:
            said = process.stderr.read().decode(errors="replace").split("\n")
            raise Failure(f"the server ended: {said[0]}")
        if time.monotonic() > end:
            raise Failure(f"{what} after {PATIENCE} s")
        time.sleep(0.005)
    return found


def nginx_command(argv, port, folder):
    """Its configuration with the holes filled."""
    with open(argv[1], encoding="utf-8") as file:
        text = file.read()
    path = os.path.join(folder, "nginx.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("PORT", str(port)).replace("FOLDER", folder))
    return [argv[0], "-c", path]


def command(program, argv, port, size, folder):
    """Servers are called with a port and what else the work says; for BUFFER
    how big a buffer per connection should be."""
    if program.toolchain is NGINX:
        return nginx_command(argv, port, folder)
    return [*argv, str(port), *(str(max(4096, 2 * size)) if word == "BUFFER"
                                else word for word in program.arguments)]


@contextlib.contextmanager
def serving(program, argv, core, size):
    """Runs a server; (port, process id of the one that serves). Whatever it
    has started is ended with it: it has a session of its own."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # nginx's worker is another user
        process = subprocess.Popen(
            pinned(core, *command(program, argv, port, size, folder)),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, start_new_session=True)
        try:
            wait_for(lambda: listens(port), "it does not listen", process)
            pid = process.pid
            if program.toolchain is NGINX:
                pid = wait_for(lambda: children(process.pid),
                               "it has no worker", process)[0]
            yield port, pid
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            process.stderr.close()


# --- system calls ---

def perf_works():
    return "raw_syscalls" in subprocess.run(
        ["perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter", "true"],
        capture_output=True, text=True, check=False).stderr \
        if shutil.which("perf") else False


def counter(pid):
    """What counts the system calls of a process until it is interrupted. perf
    counts in the kernel and hardly slows the server; strace slows it so much
    that it always finds all connections ready, which is not how it runs."""
    if counter.perf is None:
        counter.perf = perf_works()
    if counter.perf:
        return ["perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter", "-p",
                str(pid)]
    if shutil.which("strace"):
        return ["strace", "-c", "-f", "-p", str(pid)]
    return None


counter.perf = None


def counted(text):
    """The number of calls in what perf or strace says, or None."""
    for line in text.splitlines():
        fields = line.split(",")
        if len(fields) > 2 and fields[2].startswith("raw_syscalls"):
            return int(fields[0]) if fields[0].isdigit() else None
        words = line.split()
        if words and words[-1] == "total":
            return int(words[3])
    return None


def count_calls(pid, load, timeout):
    """System calls per request of a load that is started with --gate; None if
    nothing here can count them."""
    argv = counter(pid)
    if not argv:
        return None
    with subprocess.Popen([*load, "--gate"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as client:
        if client.stdout.readline() != "ready\n":
            raise Failure(f"load: {client.stderr.read().strip()}")
        with subprocess.Popen(argv, stderr=subprocess.PIPE,
                              stdout=subprocess.DEVNULL, text=True) as tool:
            time.sleep(0.3)  # until it has attached
            try:
                said, wrong = client.communicate("go\n", timeout=timeout)
            except subprocess.TimeoutExpired:
                client.kill()
                raise Failure(f"took over {timeout:g} s to count") from None
            finally:
                tool.send_signal(signal.SIGINT)
                calls = counted(tool.communicate()[1])
        if client.returncode:
            raise Failure(f"load: {wrong.strip()}")
    return calls / int(said.split("ops=")[1]) if calls else None
