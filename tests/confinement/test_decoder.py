"""A decoder under an attacker's control, inside the sandbox: no action of it succeeds."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.services.missing import missing

HERE = Path(__file__).parent
SOURCES = HERE.parents[1] / "src"
NOBODY = 65534
# Without the sandbox, these succeed on every host; if one did not, the others would prove nothing either.
POSSIBLE_OUTSIDE = ("read_secret", "write_input", "symlink_secret", "fork", "probe_worker", "open_tcp", "fill_disk")

# What only Landlock stops: it is named `no_foreign_files`.
OPEN_WITHOUT_LANDLOCK = {
    *("read_secret", "map_secret", "read_accounts", "read_environment", "read_memory_file", "read_status_of_worker"),
    *("list_root", "list_temporary", "list_processes", "list_own_folder", "write_secret", "replace_secret"),
    *("truncate_secret", "create_in_temporary", "create_in_folder", "create_in_memory", "unnamed_in_folder"),
    *("write_input", "truncate_input"),
}
CREATED_WITHOUT_LANDLOCK = (Path("/tmp/confinement-created"), Path("/dev/shm/confinement-created"))


@pytest.fixture(scope="module")
def place() -> Generator[Path]:
    """A folder that every user may enter, with the decoder and the sandbox's modules."""
    compiler = shutil.which("gcc") or missing("gcc", "Install a C compiler.")
    with tempfile.TemporaryDirectory(prefix="telecine-confinement-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "bin").mkdir()
        subprocess.run([compiler, "-O1", "-o", str(folder / "bin" / "decoder"), str(HERE / "decoder.c")], check=True)
        shutil.copytree(SOURCES, folder / "src", ignore=shutil.ignore_patterns("static", "swagger_ui", "__pycache__"))
        (folder / "jobs").mkdir()
        # Whatever the mask of this process is.
        for path in folder.rglob("*"):
            path.chmod(0o755)
        (folder / "jobs").chmod(0o777)
        yield folder


def attacked(place: Path, uid: int, layers: str) -> dict[str, Any]:
    """What became of every action of a decoder whose worker is this user."""
    python = shutil.which("python3", path="/usr/local/bin:/usr/bin") or missing("python3", "Install Python.")
    argv = [
        python,
        "-I",
        str(HERE / "attacks.py"),
        *map(str, (place / "src", place / "bin" / "decoder", place / "jobs", uid, layers)),
    ]
    script = place / "attacks.py"
    shutil.copy(HERE / "attacks.py", script)
    argv[2] = str(script)
    done = subprocess.run(argv, check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def succeeded(report: dict[str, Any]) -> set[str]:
    """The names of the actions that succeeded, or that the decoder does not know."""
    return {name for name, result in report["results"].items() if result["exit_code"] in {0, 2}}


@pytest.mark.parametrize(
    ("uid", "layers"),
    [(os.getuid(), "all"), (NOBODY, "all"), (NOBODY, "in_container")],
    ids=["own user", "nobody", "nobody in a container"],
)
def test_no_action_succeeds(place: Path, uid: int, layers: str) -> None:
    """Neither as the user of the tests nor as an ordinary one, nor under a filter like Docker's."""
    if os.getuid() != 0 and (uid != os.getuid() or layers == "in_container"):
        pytest.skip("Only root can become another user.")
    report = attacked(place, uid, layers)
    assert report["uid"] == uid
    assert report["missing"] == []
    untouched = ["source", "secret", "['rendition.mp4', 'source.mp4']"]
    results = report["results"]
    assert len(results) >= 90
    assert succeeded(report) == set()
    assert {name: result for name, result in results.items() if result["content"] != untouched} == {}


@pytest.mark.parametrize("uid", [os.getuid(), NOBODY], ids=["own user", "nobody"])
def test_without_landlock_only_files_are_open(place: Path, uid: int) -> None:
    """Processes, signals, sockets, metadata, names and the kernel stay closed."""
    if os.getuid() != 0 and uid != os.getuid():
        pytest.skip("Only root can become another user.")
    report = attacked(place, uid, "no_landlock")
    for path in CREATED_WITHOUT_LANDLOCK:
        path.unlink(missing_ok=True)
    assert report["missing"] == ["no_foreign_files"]
    assert succeeded(report) <= OPEN_WITHOUT_LANDLOCK
    assert len(report["results"].keys() - OPEN_WITHOUT_LANDLOCK) >= 70


@pytest.mark.parametrize("action", POSSIBLE_OUTSIDE)
def test_the_actions_are_real(place: Path, action: str, tmp_path: Path) -> None:
    """Outside the sandbox they succeed."""
    folder = tmp_path / "job"
    folder.mkdir()
    for path in (tmp_path / "secret", folder / "source.mp4", folder / "rendition.mp4"):
        path.write_text("content")
    files = [tmp_path / "secret", folder, os.getpid(), folder / "source.mp4", folder / "rendition.mp4"]
    assert (
        subprocess.run([place / "bin" / "decoder", action, *map(str, files)], check=False, timeout=60).returncode == 0
    )
