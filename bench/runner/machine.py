"""What a reader must know of the machine that the numbers are from."""

import os
import platform


def cpu_model():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as info:
            for line in info:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.machine()


def cpu_flags():
    """The words of the first "flags" (or "Features") line."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as info:
            for line in info:
                if line.startswith(("flags", "Features")):
                    return set(line.split(":", 1)[1].split())
    except OSError:
        pass
    return set()


def memory_gib():
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return pages / 2**30


def system():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def describe():
    return (f"{os.cpu_count()} CPUs {cpu_model()}, {memory_gib():.0f} GiB, "
            f"{system()}, Linux {platform.release()}")


def cores():
    """(for programs and servers, for clients): different ones if there are
    two. The last ones, since interrupts like the first."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[-1], usable[-2] if len(usable) > 1 else usable[-1]
