"""The system calls that a confined program may not make, and the filter that refuses them (seccomp, in classic BPF).

The filter allows what it does not name, because codecs and their libraries use many calls. It refuses each call that
reaches another process, the kernel's configuration, a socket or the metadata of files, and all calls newer than those
that it knows. Numbers are those of Linux's `unistd.h`.
"""

import platform
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from adapters.sandbox.confine import OWN_PID

_EPERM, _ENOSYS = 1, 38
_ALLOW = 0x7FFF_0000
_ERRNO = 0x0005_0000
_KILL_PROCESS = 0x8000_0000

# Offsets in `struct seccomp_data`: the number, the architecture, and the lower halves of the first two arguments.
_NR, _ARCH, _ARG0, _ARG1 = 0, 4, 16, 24
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

_CLONE_THREAD = 0x0001_0000
_NEW_NAMESPACE = 0x7E02_0080
_F_SETOWN, _F_SETSIG, _F_SETOWN_EX = 8, 10, 15
_TIOCSTI, _TIOCLINUX, _FIOSETOWN, _SIOCSPGRP = 0x5412, 0x541C, 0x8901, 0x8902
_PR_SET_PDEATHSIG = 1
_AF_INET, _AF_INET6, _AF_NETLINK = 2, 10, 16

# The number on x86-64, and on arm64; None if the architecture has no such call.
_Numbers = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class _Machine:
    """An architecture: its place in the table, its name for the kernel, and the first number that it does not have."""

    column: int
    audit_arch: int
    end: int


_MACHINES: Mapping[str, _Machine] = MappingProxyType(
    {"x86_64": _Machine(0, 0xC000_003E, 0x4000_0000), "aarch64": _Machine(1, 0xC000_00B7, 0x4000_0000)}
)
# The last call of the table of Linux 6.5 (`cachestat`). Programs fall back to older calls if a newer one is missing.
_LAST_KNOWN = 451

# Other processes: their memory, signals, limits and scheduling.
_PROCESSES: Mapping[str, _Numbers] = MappingProxyType(
    {
        "ptrace": (101, 117),
        "process_vm_readv": (310, 270),
        "process_vm_writev": (311, 271),
        "process_madvise": (440, 440),
        "process_mrelease": (448, 448),
        "kcmp": (312, 272),
        "pidfd_open": (434, 434),
        "pidfd_getfd": (438, 438),
        "pidfd_send_signal": (424, 424),
        "tkill": (200, 130),
        "setpriority": (141, 140),
        "sched_setattr": (314, 274),
        "sched_setscheduler": (144, 119),
        "sched_setparam": (142, 118),
        "sched_setaffinity": (203, 122),
        "ioprio_set": (251, 30),
        "migrate_pages": (256, 238),
        "move_pages": (279, 239),
    }
)
# Parts of the kernel that have often been the way out of a sandbox, and what only an administrator needs.
_KERNEL: Mapping[str, _Numbers] = MappingProxyType(
    {
        "io_uring_setup": (425, 425),
        "io_uring_enter": (426, 426),
        "io_uring_register": (427, 427),
        "add_key": (248, 217),
        "request_key": (249, 218),
        "keyctl": (250, 219),
        "userfaultfd": (323, 282),
        "bpf": (321, 280),
        "perf_event_open": (298, 241),
        "unshare": (272, 97),
        "setns": (308, 268),
        "mount": (165, 40),
        "umount2": (166, 39),
        "pivot_root": (155, 41),
        "chroot": (161, 51),
        "open_tree": (428, 428),
        "move_mount": (429, 429),
        "fsopen": (430, 430),
        "fsconfig": (431, 431),
        "fsmount": (432, 432),
        "fspick": (433, 433),
        "mount_setattr": (442, 442),
        "name_to_handle_at": (303, 264),
        "open_by_handle_at": (304, 265),
        "init_module": (175, 105),
        "finit_module": (313, 273),
        "delete_module": (176, 106),
        "kexec_load": (246, 104),
        "kexec_file_load": (320, 294),
        "reboot": (169, 142),
        "swapon": (167, 224),
        "swapoff": (168, 225),
        "syslog": (103, 116),
        "acct": (163, 89),
        "quotactl": (179, 60),
        "quotactl_fd": (443, 443),
        "settimeofday": (164, 170),
        "clock_settime": (227, 112),
        "clock_adjtime": (305, 266),
        "adjtimex": (159, 171),
        "sethostname": (170, 161),
        "setdomainname": (171, 162),
        "iopl": (172, None),
        "ioperm": (173, None),
        "modify_ldt": (154, None),
        "vhangup": (153, 58),
        "personality": (135, 92),
        "uselib": (134, None),
        "lookup_dcookie": (212, 18),
        "nfsservctl": (180, 42),
        "_sysctl": (156, None),
        "memfd_secret": (447, 447),
    }
)
# Ways to other processes that are not files.
_CHANNELS: Mapping[str, _Numbers] = MappingProxyType(
    {
        "shmget": (29, 194),
        "shmat": (30, 196),
        "shmctl": (31, 195),
        "semget": (64, 190),
        "semop": (65, 193),
        "semtimedop": (220, 192),
        "semctl": (66, 191),
        "msgget": (68, 186),
        "msgsnd": (69, 189),
        "msgrcv": (70, 188),
        "msgctl": (71, 187),
        "mq_open": (240, 180),
        "mq_unlink": (241, 181),
    }
)
# Landlock does not control the metadata of files, nor who watches them.
_METADATA: Mapping[str, _Numbers] = MappingProxyType(
    {
        "fanotify_init": (300, 262),
        "fanotify_mark": (301, 263),
        "inotify_init": (253, None),
        "inotify_init1": (294, 26),
        "inotify_add_watch": (254, 27),
        "chmod": (90, None),
        "fchmod": (91, 52),
        "fchmodat": (268, 53),
        "chown": (92, None),
        "fchown": (93, 55),
        "lchown": (94, None),
        "fchownat": (260, 54),
        "setxattr": (188, 5),
        "lsetxattr": (189, 6),
        "fsetxattr": (190, 7),
        "removexattr": (197, 14),
        "lremovexattr": (198, 15),
        "fremovexattr": (199, 16),
        "utime": (132, None),
        "utimes": (235, None),
        "futimesat": (261, None),
        "utimensat": (280, 88),
        "mknod": (133, None),
        "mknodat": (259, 33),
    }
)
# Names of files: a program that only fills files that exist already needs none of these.
_NAMES: Mapping[str, _Numbers] = MappingProxyType(
    {
        "link": (86, None),
        "linkat": (265, 37),
        "symlink": (88, None),
        "symlinkat": (266, 36),
        "mkdir": (83, None),
        "mkdirat": (258, 34),
        "rename": (82, None),
        "renameat": (264, 38),
        "renameat2": (316, 276),
        "unlink": (87, None),
        "unlinkat": (263, 35),
        "rmdir": (84, None),
    }
)
_FORKS: Mapping[str, _Numbers] = MappingProxyType({"fork": (57, None), "vfork": (58, None)})
_CLONE, _CLONE3, _PRCTL, _FCNTL, _IOCTL, _SOCKET, _SOCKETPAIR, _PRLIMIT = (
    (56, 220),
    (435, 435),
    (157, 167),
    (72, 25),
    (16, 29),
    (41, 198),
    (53, 199),
    (302, 261),
)
_SIGNALS: Mapping[str, _Numbers] = MappingProxyType(
    {"kill": (62, 129), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240)}
)


def is_supported() -> bool:
    """Whether the table has the numbers of this machine."""
    return platform.machine() in _MACHINES


def filter_program(*, network: bool = False, are_signals_confined: bool = False) -> bytes:
    """The instructions of the filter, 8 bytes each; `OWN_PID` in them stands for the process.

    With `network`, the program may open sockets of the internet, start programs and name files. It may send signals
    only to itself, unless it may start programs and another layer confines its signals.

    Raises:
        KeyError: the architecture is not known; see `is_supported`.
    """
    machine = _MACHINES[platform.machine()]
    rules = _Rules(machine.column)
    groups = [_PROCESSES, _KERNEL, _CHANNELS, _METADATA, *([] if network else [_NAMES, _FORKS])]
    rules.refuse(*(numbers for group in groups for numbers in group.values()))
    if not (network and are_signals_confined):
        for numbers in _SIGNALS.values():
            rules.only(numbers, _ARG0, [OWN_PID])
    rules.only(_PRLIMIT, _ARG0, [0, OWN_PID])
    rules.never(_PRCTL, _ARG0, [_PR_SET_PDEATHSIG])
    rules.never(_FCNTL, _ARG1, [_F_SETOWN, _F_SETSIG, _F_SETOWN_EX])
    rules.never(_IOCTL, _ARG1, [_TIOCSTI, _TIOCLINUX, _FIOSETOWN, _SIOCSPGRP])
    rules.refuse(_CLONE3, error=_ENOSYS)
    if network:
        rules.only(_SOCKET, _ARG0, [_AF_INET, _AF_INET6, _AF_NETLINK])
        rules.without_bits(_CLONE, _NEW_NAMESPACE)
    else:
        rules.refuse(_SOCKET, _SOCKETPAIR)
        rules.with_bit(_CLONE, _CLONE_THREAD)
    return b"".join(
        [
            _step(_LOAD, _ARCH),
            _step(_EQUAL, machine.audit_arch, 1, 0),
            _step(_RETURN, _KILL_PROCESS),
            _step(_LOAD, _NR),
            _step(_AT_LEAST, machine.end, 0, 1),
            _step(_RETURN, _ERRNO | _EPERM),
            _step(_AT_LEAST, _LAST_KNOWN + 1, 0, 1),
            _step(_RETURN, _ERRNO | _ENOSYS),
            *rules.steps,
            _step(_RETURN, _ALLOW),
        ]
    )


class _Rules:
    """Appends rules that each leave the accumulator with the number of the call."""

    def __init__(self, column: int) -> None:
        self.steps: list[bytes] = []
        self._column = column

    def refuse(self, *calls: _Numbers, error: int = _EPERM) -> None:
        for number in self._numbers(calls):
            self.steps += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ERRNO | error)]

    def only(self, call: _Numbers, argument: int, values: Sequence[int]) -> None:
        """Allow a call with these values of an argument."""
        self._judge(
            call, argument, [_step(_EQUAL, value, len(values) - place, 0) for place, value in enumerate(values)]
        )

    def never(self, call: _Numbers, argument: int, values: Sequence[int]) -> None:
        """Refuse a call with these values of an argument."""
        last = len(values) - 1
        tests = [_step(_EQUAL, value, last - place, 1 if place == last else 0) for place, value in enumerate(values)]
        self._judge(call, argument, tests)

    def with_bit(self, call: _Numbers, bit: int) -> None:
        """Allow a call if its first argument has this bit."""
        self._judge(call, _ARG0, [_step(_ANY_BIT, bit, 1, 0)])

    def without_bits(self, call: _Numbers, bits: int) -> None:
        """Refuse a call if its first argument has one of these bits."""
        self._judge(call, _ARG0, [_step(_ANY_BIT, bits, 0, 1)])

    def _judge(self, call: _Numbers, argument: int, tests: list[bytes]) -> None:
        """Test an argument; the step after the tests refuses, the one behind that goes on."""
        for number in self._numbers([call]):
            body = [_step(_LOAD, argument), *tests, _step(_RETURN, _ERRNO | _EPERM), _step(_LOAD, _NR)]
            self.steps += [_step(_EQUAL, number, 0, len(body)), *body]

    def _numbers(self, calls: Sequence[_Numbers]) -> list[int]:
        return [number for call in calls if (number := call[self._column]) is not None]


def _step(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, operand)
