"""What Landlock leaves a confined program: rights on files, as bits of the kernel's interface (`linux/landlock.h`)."""

import ctypes
import sys
from pathlib import Path

EXECUTE, WRITE_FILE, READ_FILE, READ_FOLDER = 1 << 0, 1 << 1, 1 << 2, 1 << 3
REMOVE_FOLDER, REMOVE_FILE, MAKE_FOLDER, MAKE_FILE = 1 << 4, 1 << 5, 1 << 7, 1 << 8
TRUNCATE = 1 << 14

READ = READ_FILE | READ_FOLDER
RUN = READ | EXECUTE
FILL = READ_FILE | WRITE_FILE | TRUNCATE
WORK = READ | WRITE_FILE | TRUNCATE | REMOVE_FOLDER | REMOVE_FILE | MAKE_FOLDER | MAKE_FILE

# The number of rights on files in each version of the interface.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6
_BIND_AND_CONNECT_TCP = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11
_CREATE_RULESET = 444
_LIBRARIES = ("lib", "lib64", "libexec")
_VERSION = 1

# Programs, their libraries, and what libraries read about the machine. No other file of /etc, /proc or /sys.
SYSTEM: tuple[tuple[int, str], ...] = (
    *((RUN, path) for path in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")),
    *((READ, path) for path in ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime")),
    *((READ, path) for path in ("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/sys/vm/overcommit_memory")),
    *((READ, path) for path in ("/sys/devices/system/cpu", "/sys/devices/system/node", "/sys/kernel/mm")),
    *((READ, path) for path in ("/dev/urandom", "/dev/random", "/dev/zero")),
    (READ_FILE | WRITE_FILE, "/dev/null"),
)
# For programs that open connections.
NETWORK: tuple[tuple[int, str], ...] = tuple(
    (READ, path)
    for path in ("/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf", "/etc/ssl")
)


def supported_version() -> int:
    """The version of the kernel's interface; 0 without Landlock."""
    if not sys.platform.startswith("linux"):
        return 0
    version = int(ctypes.CDLL(None, use_errno=True).syscall(_CREATE_RULESET, None, 0, _VERSION))
    return max(0, version)


def handled(version: int, *, are_ports_limited: bool) -> str:
    """What is refused unless a rule allows it: rights on files, on TCP ports, and scopes."""
    files = (1 << _FILE_RIGHTS[min(version, max(_FILE_RIGHTS))]) - 1
    network = _BIND_AND_CONNECT_TCP if are_ports_limited and version >= _NETWORK_SINCE else 0
    scopes = _ABSTRACT_SOCKETS_AND_SIGNALS if version >= _SCOPES_SINCE else 0
    return f"{files}:{network}:{scopes}"


def confines_signals(version: int) -> bool:
    """Whether a program can send signals only to programs that it started."""
    return version >= _SCOPES_SINCE


def program_rules(program: str) -> list[tuple[int, str]]:
    """A program that is installed outside the system's folders, and the libraries beside its folder, as in /opt."""
    path = Path(program).resolve()
    return [(RUN, str(path)), *((RUN, str(path.parent.parent / name)) for name in _LIBRARIES)]
