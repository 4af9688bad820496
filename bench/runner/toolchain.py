"""How programs are built, by language; and what is missing for that.

A toolchain has missing() -> why not, or None; version() -> text; and
build(work, program, build) -> (argv, None) or (None, why not). Everything goes
into build/bench/<work>/; what is newer than its sources is left alone.
"""

import glob
import os
import shutil
import subprocess

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(BENCH)
DEBIAN_PYTHON = "/usr/bin/python3"  # the one that Debian's modules are for


def out(argv, **options):
    """What a command prints, or "" if it cannot run."""
    try:
        return subprocess.run(argv, capture_output=True, text=True,
                              check=False, **options).stdout.strip()
    except OSError:
        return ""


def package_version(*packages):
    """Debian's version of the first package of these that is installed."""
    for package in packages:
        version = out(["dpkg-query", "-W", "-f", "${Version}", package])
        if version:
            return version
    return ""


def stale(target, sources):
    if not os.path.exists(target):
        return True
    made = os.path.getmtime(target)
    return any(os.path.getmtime(source) > made for source in sources)


def common_sources():
    return glob.glob(os.path.join(BENCH, "lib", "*"))


class Toolchain:
    """One compiler with its flags, or one interpreter."""

    need = ()      # programs that must be there
    headers = ()   # and files

    def missing(self):
        for program in self.need:
            if not shutil.which(program):
                return f"no {program}"
        for header in self.headers:
            if not os.path.exists(header):
                return f"no {header}"
        return None

    def version(self):
        return ""

    def label(self):
        """Version and flags, as docs/performance.md shows them."""
        return self.version()

    def build(self, work, program, build):
        """(argv, None), or (None, why not)."""
        source = os.path.join(BENCH, program.source)
        name = os.path.basename(source).replace(".", "_")
        target = os.path.join(build, work, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if stale(target, [source, *common_sources(), *self.inputs(build)]):
            reason = self.compile(source, target, build)
            if reason:
                return None, reason
        return self.argv(source, target), None

    def inputs(self, build):
        """Other files that the target is made of."""
        return []

    def compile(self, source, target, build):
        """Makes target; returns why it could not, or None."""
        raise NotImplementedError

    def argv(self, source, target):
        return [target]

    def run(self, argv, **options):
        """Runs a compiler; returns the first line of what it complained."""
        done = subprocess.run(argv, capture_output=True, text=True,
                              check=False, **options)
        if done.returncode == 0:
            return None
        lines = (done.stderr + done.stdout).strip().splitlines()
        errors = [line for line in lines if "error" in line] or lines
        return f"does not build: {errors[0] if errors else argv[0]}"


class Compiled(Toolchain):
    """C or C++ by gcc."""

    def __init__(self, compiler="gcc", flags=(), libraries=(), package="",
                 headers=()):
        self.compiler = compiler
        self.need = (compiler,)
        self.flags = ["-O2", "-g", *flags]
        self.libraries = list(libraries)
        self.package = package
        self.headers = headers

    def version(self):
        if self.package:
            return package_version(self.package)
        return out([self.compiler, "-dumpfullversion"])

    def label(self):
        name = f"{self.compiler} {out([self.compiler, '-dumpfullversion'])}"
        flags = " ".join(flag for flag in self.flags if flag != "-g")
        if self.package:
            return f"{self.version()}; {name} {flags}"
        return f"{name} {flags}"

    def compile(self, source, target, build):
        return self.run([
            self.compiler, *self.flags, "-I", os.path.join(BENCH, "lib"),
            source, "-o", target, *self.libraries])


class Cede(Compiled):
    """C with the release's static library, as CMake or pkg-config link it."""

    def __init__(self):
        super().__init__(flags=[
            "-fstack-clash-protection", "-Wno-clobbered",
            "-I", os.path.join(ROOT, "include")])

        self.built = None

    def use(self, compiler, library):
        """Takes a library that is there already, made by this compiler."""
        self.compiler, self.need, self.built = compiler, (compiler,), library

    def label(self):
        return f"gcc {out(['gcc', '-dumpfullversion'])} -O2, static library"

    def version(self):
        return out(["git", "-C", ROOT, "describe", "--always", "--dirty"])

    def library(self, build):
        return self.built or os.path.join(build, "cede", "libcede.a")

    def inputs(self, build):
        return [self.library(build), *glob.glob(
            os.path.join(ROOT, "include", "**", "*.h"), recursive=True)]

    def prepare(self, build):
        """Builds the library; what it says is shown if it fails."""
        folder = os.path.join(build, "cede")
        environment = {**os.environ, "CC": "gcc"}
        for argv in (
                ["tools/configure.sh", folder, "-DCEDE_BUILD_TESTS=OFF",
                 "-DCEDE_BUILD_EXAMPLES=OFF", "-DCEDE_BUILD_LINT=OFF"],
                ["cmake", "--build", folder, "--target", "cede_static",
                 "--parallel", os.environ.get("JOBS", "2")]):
            done = subprocess.run(argv, cwd=ROOT, env=environment, text=True,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, check=False)
            if done.returncode:
                raise SystemExit(done.stdout)

    def compile(self, source, target, build):
        return self.run([
            self.compiler, *self.flags, "-I", os.path.join(BENCH, "lib"),
            source, "-o", target, self.library(build), "-lpthread", "-lm"])


class Python(Toolchain):
    """Debian's CPython, with a module."""

    def __init__(self, module=""):
        self.need = (DEBIAN_PYTHON,)
        self.module = module
        self.absent = None

    def missing(self):
        if super().missing() or not self.module:
            return super().missing()
        if self.absent is None:
            self.absent = not out([DEBIAN_PYTHON, "-c",
                                   f"import {self.module}; print(1)"])
        return f"no {self.module} for {DEBIAN_PYTHON}" if self.absent else None

    def version(self):
        version = out([DEBIAN_PYTHON, "--version"])
        if self.module:
            version += f", {self.module} " + out([
                DEBIAN_PYTHON, "-c",
                f"import {self.module}; print({self.module}.__version__)"])
        return version

    def build(self, work, program, build):
        return [DEBIAN_PYTHON, os.path.join(BENCH, program.source)], None


class Lua(Toolchain):
    need = ("lua5.4",)

    def version(self):
        return out(["lua5.4", "-v"]).split("  ")[0]

    def build(self, work, program, build):
        return ["lua5.4", os.path.join(BENCH, program.source)], None


class Go(Toolchain):
    """One file with bench/lib/bench.go beside it; GOMAXPROCS=1 is set there,
    by the program itself."""

    need = ("go",)

    def version(self):
        return " ".join(out(["go", "version"]).split()[2:3])

    def compile(self, source, target, build):
        # go takes files of one folder only.
        folder = target + ".d"
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        for path in (source, os.path.join(BENCH, "lib", "bench.go")):
            shutil.copy(path, folder)
        return self.run(["go", "build", "-o", target, *sorted(
            glob.glob(os.path.join(folder, "*.go")))],
            env={**os.environ, "GO111MODULE": "off", "CGO_ENABLED": "0",
                 "GOFLAGS": "", "GOCACHE": os.path.join(build, "go-cache")})


RUST_REGISTRY = "/usr/share/cargo/registry"


class Rust(Toolchain):
    """Debian's cargo and crates, never the network's nor rustup's.

    One package has all programs, so that Tokio is compiled once.
    """

    need = ("/usr/bin/cargo", "/usr/bin/rustc")

    def missing(self):
        if not glob.glob(os.path.join(RUST_REGISTRY, "tokio-1*")):
            return "no librust-tokio-dev"
        return super().missing()

    def version(self):
        return ("tokio " + package_version("librust-tokio-dev") + ", "
                + " ".join(out(["/usr/bin/rustc", "--version"]).split()[:2]))

    def label(self):
        return self.version() + " --release"

    def write_package(self, folder):
        programs = sorted(glob.glob(os.path.join(BENCH, "*", "*.rs")))
        text = ("[package]\nname = \"bench\"\nversion = \"0.0.0\"\n"
                "edition = \"2021\"\nautobins = false\n[dependencies]\n"
                "tokio = { version = \"1\", features = [\"rt\", \"sync\", "
                "\"time\", \"net\", \"io-util\", \"macros\"] }\n")
        for path in programs:
            if os.path.basename(os.path.dirname(path)) != "lib":
                text += (f"[[bin]]\nname = \"{self.binary(path)}\"\n"
                         f"path = \"{path}\"\n")
        os.makedirs(os.path.join(folder, ".cargo"), exist_ok=True)
        for name, what in (("Cargo.toml", text), (".cargo/config.toml",
                "[source.crates-io]\nreplace-with = \"debian\"\n"
                f"[source.debian]\ndirectory = \"{RUST_REGISTRY}\"\n")):
            with open(os.path.join(folder, name), "w",
                      encoding="utf-8") as file:
                file.write(what)

    def binary(self, source):
        words = os.path.splitext(source)[0].split(os.sep)
        return "_".join(words[-2:])

    def compile(self, source, target, build):
        folder = os.path.join(build, "rust")
        self.write_package(folder)
        reason = self.run(
            ["/usr/bin/cargo", "build", "--release", "--offline", "--quiet",
             "--jobs", os.environ.get("JOBS", "2"),
             "--bin", self.binary(source)], cwd=folder,
            env={**os.environ, "RUSTC": "/usr/bin/rustc",
                 "CARGO_HOME": os.path.join(folder, "home")})
        if not reason:
            shutil.copy(os.path.join(folder, "target", "release",
                                     self.binary(source)), target)
        return reason


CEDE = Cede()
TOKIO = Rust()
C = Compiled()
CPP20 = Compiled("g++", ["-std=c++20"])
PYTHON = Python()
UVLOOP = Python("uvloop")
LUA = Lua()
GO = Go()
STATE_THREADS = Compiled(libraries=["-lst"], package="libst1",
                         headers=["/usr/include/st.h"])
LIBUV = Compiled(libraries=["-luv"], package="libuv1",
                 headers=["/usr/include/uv.h"])
BOOST_CONTEXT = Compiled(
    "g++", ["-std=c++17"], ["-lboost_context"], "libboost-context-dev",
    ["/usr/include/boost/context/fiber.hpp"])
BOOST_FIBER = Compiled(
    "g++", ["-std=c++17"], ["-lboost_fiber", "-lboost_context", "-lpthread"],
    "libboost-fiber-dev", ["/usr/include/boost/fiber/all.hpp"])
