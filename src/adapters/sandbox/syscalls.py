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

from adapters.sandbox import syscall_table as table
from adapters.sandbox.confine import OWN_PID
from adapters.sandbox.syscall_table import Numbers

_EPERM, _ENOSYS = 1, 38
_ALLOW = 0x7FFF_0000
_ERRNO = 0x0005_0000
_KILL_PROCESS = 0x8000_0000

# Offsets in `struct seccomp_data`: the number, the architecture, and the lower halves of the arguments.
_NR, _ARCH, _ARG0, _ARG1, _ARG2 = 0, 4, 16, 24, 32
_ARGUMENT_BYTES = 8
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

_CLONE_THREAD = 0x0001_0000
_NEW_NAMESPACE = 0x7E02_0080
_F_SETOWN, _F_SETSIG, _F_SETOWN_EX = 8, 10, 15
_TIOCSTI, _TIOCLINUX, _FIOSETOWN, _SIOCSPGRP = 0x5412, 0x541C, 0x8901, 0x8902
_PR_SET_PDEATHSIG = 1
_AF_INET, _AF_INET6, _AF_NETLINK = 2, 10, 16
_ANY_PROTOCOL, _TCP, _UDP = 0, 6, 17
_MSG_FASTOPEN = 0x2000_0000


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
    groups = [
        table.PROCESSES,
        table.KERNEL,
        table.CHANNELS,
        table.METADATA,
        *([] if network else [table.NAMES, table.FORKS]),
    ]
    rules.refuse(*(numbers for group in groups for numbers in group.values()))
    if not (network and are_signals_confined):
        for numbers in table.SIGNALS.values():
            rules.only(numbers, _ARG0, [OWN_PID])
    rules.only(table.PRLIMIT, _ARG0, [0, OWN_PID])
    rules.never(table.PRCTL, _ARG0, [_PR_SET_PDEATHSIG])
    rules.never(table.FCNTL, _ARG1, [_F_SETOWN, _F_SETSIG, _F_SETOWN_EX])
    rules.never(table.IOCTL, _ARG1, [_TIOCSTI, _TIOCLINUX, _FIOSETOWN, _SIOCSPGRP])
    rules.refuse(table.CLONE3, error=_ENOSYS)
    if network:
        _limit_sockets(rules)
        rules.without_bits(table.CLONE, _ARG0, _NEW_NAMESPACE)
    else:
        rules.refuse(table.SOCKET, table.SOCKETPAIR)
        rules.with_bit(table.CLONE, _CLONE_THREAD)
    return _program(machine, rules)


def refusing(*calls: Numbers) -> bytes:
    """The instructions of a filter that refuses these calls, and those that are not known, and allows all others."""
    machine = _MACHINES[platform.machine()]
    rules = _Rules(machine.column)
    rules.refuse(*calls)
    return _program(machine, rules)


def _program(machine: _Machine, rules: "_Rules") -> bytes:
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


def _limit_sockets(rules: "_Rules") -> None:
    """Leave connections by TCP and datagrams by UDP: the kinds whose ports Landlock limits, and the lookup of names."""
    rules.only(table.SOCKET, _ARG0, [_AF_INET, _AF_INET6, _AF_NETLINK])
    rules.only(table.SOCKET, _ARG2, [_ANY_PROTOCOL, _TCP, _UDP])
    rules.refuse(*table.LISTENING.values())
    for argument, calls in table.SENDING.items():
        for numbers in calls:
            rules.without_bits(numbers, _ARG0 + argument * _ARGUMENT_BYTES, _MSG_FASTOPEN)


class _Rules:
    """Appends rules that each leave the accumulator with the number of the call."""

    def __init__(self, column: int) -> None:
        self.steps: list[bytes] = []
        self._column = column

    def refuse(self, *calls: Numbers, error: int = _EPERM) -> None:
        for number in self._numbers(calls):
            self.steps += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ERRNO | error)]

    def only(self, call: Numbers, argument: int, values: Sequence[int]) -> None:
        """Allow a call with these values of an argument."""
        self._judge(
            call, argument, [_step(_EQUAL, value, len(values) - place, 0) for place, value in enumerate(values)]
        )

    def never(self, call: Numbers, argument: int, values: Sequence[int]) -> None:
        """Refuse a call with these values of an argument."""
        last = len(values) - 1
        tests = [_step(_EQUAL, value, last - place, 1 if place == last else 0) for place, value in enumerate(values)]
        self._judge(call, argument, tests)

    def with_bit(self, call: Numbers, bit: int) -> None:
        """Allow a call if its first argument has this bit."""
        self._judge(call, _ARG0, [_step(_ANY_BIT, bit, 1, 0)])

    def without_bits(self, call: Numbers, argument: int, bits: int) -> None:
        """Refuse a call if an argument has one of these bits."""
        self._judge(call, argument, [_step(_ANY_BIT, bits, 0, 1)])

    def _judge(self, call: Numbers, argument: int, tests: list[bytes]) -> None:
        """Test an argument; the step after the tests refuses, the one behind that goes on."""
        for number in self._numbers([call]):
            body = [_step(_LOAD, argument), *tests, _step(_RETURN, _ERRNO | _EPERM), _step(_LOAD, _NR)]
            self.steps += [_step(_EQUAL, number, 0, len(body)), *body]

    def _numbers(self, calls: Sequence[Numbers]) -> list[int]:
        return [number for call in calls if (number := call[self._column]) is not None]


def _step(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, operand)
