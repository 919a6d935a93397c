"""The filter's verdicts, from an interpreter of its instructions, on both architectures."""

import platform
import struct
from itertools import chain

import pytest

from adapters.sandbox import syscall_table as table
from adapters.sandbox.confine import OWN_PID
from adapters.sandbox.syscall_table import Numbers
from adapters.sandbox.syscalls import filter_program, is_supported

ALLOW, EPERM, ENOSYS, KILL = 0x7FFF_0000, 0x0005_0001, 0x0005_0026, 0x8000_0000
ARCHITECTURES = {"x86_64": (0, 0xC000_003E), "aarch64": (1, 0xC000_00B7)}
READ, WRITE, EXECVE, OPENAT, FUTEX = (0, 63), (1, 64), (59, 221), (257, 56), (202, 98)
CLONE_THREAD, SIGCHLD, CLONE_NEWUSER = 0x0001_0000, 17, 0x1000_0000
AF_UNIX, AF_INET, AF_NETLINK, AF_PACKET = 1, 2, 16, 17
MPTCP, MSG_FASTOPEN = 262, 0x2000_0000
OTHER_PID = 4242


def verdict(program: bytes, number: int, arch: int, *arguments: int) -> int:
    """What the kernel would answer: classic BPF with the few instructions that the filter uses."""
    call = struct.pack("=IIQ6Q", number, arch, 0, *arguments, *[0] * (6 - len(arguments)))
    steps = list(struct.iter_unpack("=HBBI", program))
    place, loaded = 0, 0
    while True:
        code, if_true, if_false, operand = steps[place]
        if code == 0x06:
            return operand
        if code == 0x20:
            (loaded,) = struct.unpack_from("=I", call, operand)
            place += 1
            continue
        holds = {0x15: loaded == operand, 0x35: loaded >= operand, 0x45: bool(loaded & operand)}[code]
        place += 1 + (if_true if holds else if_false)


class Filter:
    """A filter on one architecture."""

    def __init__(self, machine: str, *, network: bool, are_signals_confined: bool = False) -> None:
        self.column, self.arch = ARCHITECTURES[machine]
        self.program = filter_program(network=network, are_signals_confined=are_signals_confined)

    def judge(self, call: Numbers, *arguments: int) -> int | None:
        """The verdict on a call; None if the architecture does not have it."""
        number = call[self.column]
        return None if number is None else verdict(self.program, number, self.arch, *arguments)


@pytest.fixture(params=ARCHITECTURES)
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each architecture in turn."""
    name: str = request.param
    monkeypatch.setattr(platform, "machine", lambda: name)
    return name


def test_other_architectures_are_not_supported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table does not have their numbers."""
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert not is_supported()
    with pytest.raises(KeyError):
        filter_program()


@pytest.mark.parametrize("network", [False, True])
def test_every_call_of_the_table_is_refused(machine: str, *, network: bool) -> None:
    """And calls that no table names are allowed."""
    judged = Filter(machine, network=network)
    always = chain(*(group.values() for group in (table.PROCESSES, table.KERNEL, table.CHANNELS, table.METADATA)))
    assert {judged.judge(call) for call in always} <= {EPERM, None}
    assert {judged.judge(call) for call in (READ, WRITE, EXECVE, OPENAT, FUTEX)} == {ALLOW}
    names = {judged.judge(call) for group in (table.NAMES, table.FORKS) for call in group.values()} - {None}
    assert names == {ALLOW if network else EPERM}


def test_another_architecture_kills(machine: str) -> None:
    """A program could otherwise use numbers of the 32-bit interface."""
    judged = Filter(machine, network=False)
    assert verdict(judged.program, 1, 0x4000_0003) == KILL
    assert verdict(judged.program, 0x4000_0000 + 41, judged.arch) == EPERM
    assert verdict(judged.program, 452, judged.arch) == ENOSYS


def test_only_threads_can_be_started_without_the_network(machine: str) -> None:
    """With it, processes too, but no namespaces."""
    alone, online = Filter(machine, network=False), Filter(machine, network=True)
    assert [alone.judge(table.CLONE, flags) for flags in (CLONE_THREAD, SIGCHLD)] == [ALLOW, EPERM]
    assert [online.judge(table.CLONE, flags) for flags in (SIGCHLD, SIGCHLD | CLONE_NEWUSER)] == [ALLOW, EPERM]
    assert {each.judge(table.CLONE3) for each in (alone, online)} == {ENOSYS}


def test_signals_reach_only_the_program_itself(machine: str) -> None:
    """A program that starts others may send them signals, where Landlock confines those."""
    for judged in (Filter(machine, network=False), Filter(machine, network=True)):
        for call in (*table.SIGNALS.values(), table.PRLIMIT):
            assert (judged.judge(call, OWN_PID), judged.judge(call, OTHER_PID)) == (ALLOW, EPERM)
        assert judged.judge(table.SIGNALS["kill"], 0xFFFF_FFFF) == EPERM
    confined = Filter(machine, network=True, are_signals_confined=True)
    assert confined.judge(table.SIGNALS["kill"], OTHER_PID) == ALLOW


def test_sockets_are_those_of_the_internet(machine: str) -> None:
    """TCP and UDP only: Landlock does not limit the ports of other protocols, nor a connection made by sending."""
    judged = Filter(machine, network=True)
    families = [judged.judge(table.SOCKET, family, 1, 0) for family in (AF_INET, AF_NETLINK, AF_UNIX, AF_PACKET)]
    assert families == [ALLOW, ALLOW, EPERM, EPERM]
    protocols = [judged.judge(table.SOCKET, AF_INET, 1, number) for number in (6, 17, MPTCP, 132, 1)]
    assert protocols == [ALLOW, ALLOW, EPERM, EPERM, EPERM]
    assert {judged.judge(call) for call in table.LISTENING.values()} == {EPERM}
    for place, calls in table.SENDING.items():
        for call in calls:
            before = [0] * place
            assert (judged.judge(call, *before, 0x4000), judged.judge(call, *before, MSG_FASTOPEN)) == (ALLOW, EPERM)
    alone = Filter(machine, network=False)
    assert {alone.judge(call, AF_INET) for call in (table.SOCKET, table.SOCKETPAIR)} == {EPERM}


def test_some_options_are_refused(machine: str) -> None:
    """Those that send a signal to another process, outlive the worker, or type into a terminal."""
    judged = Filter(machine, network=False)
    assert [judged.judge(table.PRCTL, option) for option in (1, 15)] == [EPERM, ALLOW]
    assert [judged.judge(table.FCNTL, 3, command) for command in (8, 10, 15, 1, 3)] == [EPERM] * 3 + [ALLOW] * 2
    requests = (0x5412, 0x541C, 0x8901, 0x8902, 0x5401)
    assert [judged.judge(table.IOCTL, 3, request) for request in requests] == [EPERM] * 4 + [ALLOW]
