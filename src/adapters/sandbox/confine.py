"""Confines its own process by a list of policies, and replaces it with a program.

It runs in the launcher's children, so it imports only what they need. A policy is `name=value`:

- `limit=NUMBER:SOFT:HARD`, a resource limit (`setrlimit`)
- `processes=NUMBER`, the processes and threads that this user may have beyond those that it has already
- `handled=FILES:NETWORK:SCOPES`, what Landlock controls, as bits of its interface
- `path=RIGHTS:PATH`, the rights that Landlock leaves below a path; a path that does not exist is passed over
- `port=NUMBER`, a TCP port to which Landlock leaves connections
- `seccomp=HEX`, the filter of system calls

A layer that cannot be applied ends the process with `FAILED` before the program starts.
"""

import ctypes
import os
import resource
import stat
import struct
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

FAILED = 121
# In the filter of system calls, this number stands for the confined process.
OWN_PID = 0x7E1E_C19E

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_CAPBSET_DROP, _PR_SET_CHILD_SUBREAPER, _PR_SET_NO_NEW_PRIVS = 1, 22, 24, 36, 38
_SECCOMP_MODE_FILTER = 2
_SIGKILL = 9
_CAPABILITY_VERSION_3 = 0x2008_0522
_LAST_CAPABILITY = 63
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_BENEATH, _PORT = 1, 2
_CONNECT_TCP = 2
# The rights that a file can have; the others are those of a folder.
_OF_A_FILE = 0b1100_0000_0000_0111
_INSTRUCTION_BYTES = 8

_libc = ctypes.CDLL(None, use_errno=True)
_replace = os.execve


def confine(policies: Sequence[str], parent: int) -> None:
    """Apply all policies; the process dies with its parent, and neither has nor gains privileges."""
    named = [_parsed(policy) for policy in policies]
    for number, soft, hard in (_numbers(value) for name, value in named if name == "limit"):
        _limit(number, soft, hard)
    for value in (value for name, value in named if name == "processes"):
        _limit_processes(int(value))
    _call("prctl", _PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(FAILED)
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _drop_capabilities()
    for value in (value for name, value in named if name == "handled"):
        _restrict_files(value, named)
    for value in (value for name, value in named if name == "seccomp"):
        _refuse_system_calls(bytes.fromhex(value))


def _limit(number: int, soft: int, hard: int) -> None:
    """Lower a limit; one of the host that is lower already stays."""
    _, top = resource.getrlimit(number)
    highest = hard if top == resource.RLIM_INFINITY else min(hard, top)
    resource.setrlimit(number, (min(soft, highest), highest))


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, so that none escapes."""
    _call("prctl", _PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def become(arguments: list[str], environment: dict[str, str]) -> NoReturn:
    """Replace the process with the program."""
    _replace(arguments[0], arguments, environment)


def _parsed(policy: str) -> tuple[str, str]:
    name, _, value = policy.partition("=")
    return name, value


def _limit_processes(number: int) -> None:
    """The kernel counts those of the whole user; it does not hold root to the limit."""
    wanted = running_tasks(os.getuid()) + number
    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))


def running_tasks(uid: int) -> int:
    """The number of processes and threads of a user; those that this process cannot see are not counted."""
    count = 0
    for path in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):  # It has ended.
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            status = dict(line.split(":", 1) for line in lines if ":" in line)
            count += int(status["Threads"]) if int(status["Uid"].split()[0]) == uid else 0
    return count


def _drop_capabilities() -> None:
    """Lose all capabilities, also those that root would get back when it starts a program."""
    for capability in range(_LAST_CAPABILITY + 1):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break  # An ordinary user may not drop them, and has none; or this is the end of the kernel's list.
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITY_VERSION_3, 0))
    _call("capset", header, ctypes.create_string_buffer(24))


def _restrict_files(handled: str, policies: Sequence[tuple[str, str]]) -> None:
    """Landlock: what is handled is refused, unless a rule allows it."""
    files, network, scopes = _numbers(handled)
    size = 24 if scopes else 16 if network else 8
    attribute = ctypes.create_string_buffer(struct.pack("=QQQ", files, network, scopes)[:size], size)
    ruleset = _call("syscall", _CREATE_RULESET, attribute, ctypes.c_size_t(size), 0)
    for name, value in policies:
        if name == "path":
            rights, _, path = value.partition(":")
            _allow_path(ruleset, int(rights) & files, path)
        elif name == "port" and network:
            rule = ctypes.create_string_buffer(struct.pack("=QQ", _CONNECT_TCP, int(value)), 16)
            _call("syscall", _ADD_RULE, ruleset, _PORT, rule, 0)
    _call("syscall", _RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _allow_path(ruleset: int, rights: int, path: str) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    is_folder = stat.S_ISDIR(os.fstat(beneath).st_mode)
    rule = ctypes.create_string_buffer(struct.pack("=Qi", rights if is_folder else rights & _OF_A_FILE, beneath), 12)
    _call("syscall", _ADD_RULE, ruleset, _BENEATH, rule, 0)
    os.close(beneath)


def _refuse_system_calls(template: bytes) -> None:
    program = template.replace(OWN_PID.to_bytes(4, sys.byteorder), os.getpid().to_bytes(4, sys.byteorder))
    code = ctypes.create_string_buffer(program, len(program))
    count = len(program) // _INSTRUCTION_BYTES
    header = ctypes.create_string_buffer(struct.pack("@HP", count, ctypes.addressof(code)), 16)
    _call("prctl", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0)


def _call(name: str, *arguments: object) -> int:
    """Call a function of the C library; an error ends the process."""
    result = int(getattr(_libc, name)(*arguments))
    if result < 0:
        os.write(2, f"confine: {name}: {os.strerror(ctypes.get_errno())}\n".encode())
        os._exit(FAILED)
    return result


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(":")]
