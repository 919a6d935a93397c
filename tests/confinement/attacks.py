"""Runs every action of the stand-in decoder inside the sandbox: `attacks.py SOURCES DECODER FOLDER UID LAYERS`.

It is a program of its own, because it becomes another user, and because the worker's end is part of the test. It prints
a JSON object: the missing layers, and for each action its exit code and what is in the files afterwards.
"""

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

sources, decoder, base, uid, layers = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
sys.path.insert(0, sources)

from adapters.sandbox import syscall_table as table  # noqa: E402 (the path is set above)
from adapters.sandbox import syscalls  # noqa: E402
from adapters.sandbox.confine import confine  # noqa: E402
from adapters.sandbox.limits import Access, Allowance, Sandbox  # noqa: E402
from adapters.sandbox.process import Outcome, RunLimits  # noqa: E402

# What Docker's default profile refuses to a container without capabilities, as far as a sandbox could want it.
REFUSED_IN_CONTAINERS = (
    *("unshare", "setns", "mount", "umount2", "pivot_root", "open_tree", "move_mount", "fsopen", "fsmount"),
    *("mount_setattr", "bpf", "perf_event_open", "keyctl", "add_key", "userfaultfd", "io_uring_setup"),
)


def contain() -> None:
    """Put this process, and so the launcher, under such a profile, and take its capabilities."""
    filtered = syscalls.refusing(*(table.KERNEL[name] for name in REFUSED_IN_CONTAINERS))
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
    confine([f"seccomp={filtered.hex()}"], os.getppid())


if layers == "in_container":
    contain()
if os.getuid() != uid:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)

ALLOWANCE = Allowance(wall_s=30, output_bytes=1 << 20, threads=1)
LIMITS = RunLimits(60)


def prepared(action: str) -> tuple[list[str], Path, Path, Path]:
    """A folder with an input and an output, beside a secret; and the decoder's arguments."""
    home = base / f"{layers}-{uid}-{action}"
    folder = home / "job"
    folder.mkdir(parents=True)
    secret, source, output = home / "secret", folder / "source.mp4", folder / "rendition.mp4"
    secret.write_text("secret")
    source.write_text("source")
    output.touch()
    words = [decoder, action, str(secret), str(folder), str(os.getpid()), str(source), str(output)]
    return words, folder, source, output


async def inside(sandbox: Sandbox, action: str) -> tuple[Outcome, list[str]]:
    """Try an action in the sandbox; also return what is in the folder afterwards."""
    words, folder, source, output = prepared(action)
    access = Access(reads=(source,), fills=(output,))
    outcome = await sandbox.run(words, ALLOWANCE, access, folder=folder, limits=LIMITS)
    content = source.read_text(), (folder.parent / "secret").read_text(), sorted(path.name for path in folder.iterdir())
    return outcome, [str(part) for part in content]


async def main(actions: list[str]) -> None:
    """Try everything."""
    sandbox = await Sandbox.detect()
    if layers == "no_landlock":
        sandbox = replace(sandbox, landlock_version=0)
    results: dict[str, object] = {}
    for action in actions:
        outcome, content = await inside(sandbox, action)
        results[action] = {"exit_code": outcome.exit_code, "errors": outcome.error_tail, "content": content}
    sys.stdout.write(json.dumps({"missing": sandbox.missing, "uid": os.getuid(), "results": results}))


asyncio.run(main(subprocess.run([decoder, "list"], check=True, capture_output=True, text=True).stdout.split()))
