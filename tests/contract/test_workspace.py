"""The contract of every workspace."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from adapters.fakes.workspace import FakeWorkspace
from adapters.system.workspace import LocalWorkspace
from domain.model.errors import Unavailable
from domain.ports.workspace import Workspace

pytestmark = pytest.mark.anyio

WORKSPACES: dict[str, Callable[[Path], Workspace]] = {
    "fake": FakeWorkspace,
    "system": lambda root: LocalWorkspace(root, reserve_bytes=0),
}
FEW_BYTES = 1024
TOO_MANY_BYTES = 2**62


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of the workspace, which does not exist yet."""
    return tmp_path / "workspace" / "jobs"


@pytest.fixture(params=WORKSPACES)
async def workspace(request: pytest.FixtureRequest, root: Path) -> AsyncGenerator[Workspace]:
    """Each workspace in turn; no folder and no task may be left."""
    tasks_before = len(asyncio.all_tasks())
    yield WORKSPACES[str(request.param)](root)
    assert _entries(root) == []
    assert len(asyncio.all_tasks()) == tasks_before


async def test_a_folder_is_empty_and_can_be_written_to(workspace: Workspace) -> None:
    """It is ready for a download."""
    async with workspace.folder(needed_bytes=FEW_BYTES) as folder:
        assert list(folder.iterdir()) == []
        (folder / "source").write_bytes(b"video")


async def test_a_folder_is_removed_with_its_content(workspace: Workspace) -> None:
    """Nested folders as well."""
    async with workspace.folder(needed_bytes=FEW_BYTES) as folder:
        (folder / "chunks").mkdir()
        (folder / "chunks" / "0.wav").write_bytes(b"sound")
    assert not folder.exists()


async def test_a_folder_is_gone_after_an_error(workspace: Workspace) -> None:
    """The error is passed on."""
    left: list[Path] = []

    async def work() -> None:
        async with workspace.folder(needed_bytes=FEW_BYTES) as folder:
            left.append(folder)
            raise ValueError("inside")

    with pytest.raises(ValueError, match="inside"):
        await work()
    assert not left[0].exists()


async def test_a_folder_is_gone_after_a_cancellation(workspace: Workspace) -> None:
    """A worker that stops leaves no files on the disk."""
    entered: asyncio.Future[Path] = asyncio.get_running_loop().create_future()

    async def work() -> None:
        async with workspace.folder(needed_bytes=FEW_BYTES) as folder:
            entered.set_result(folder)
            await asyncio.Event().wait()

    worker = asyncio.ensure_future(work())
    folder = await entered
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker
    assert not folder.exists()


async def test_nothing_is_left_when_cancelled_on_the_way_in(workspace: Workspace) -> None:
    """The folder may exist at that moment."""

    async def work() -> None:
        async with workspace.folder(needed_bytes=FEW_BYTES):
            await asyncio.Event().wait()

    worker = asyncio.ensure_future(work())
    await asyncio.sleep(0)
    worker.cancel()
    with pytest.raises(asyncio.CancelledError):
        await worker


async def test_each_call_gets_its_own_folder(workspace: Workspace) -> None:
    """Two concurrent calls get different folders."""
    async with workspace.folder(needed_bytes=FEW_BYTES) as one, workspace.folder(needed_bytes=FEW_BYTES) as other:
        assert one != other


async def test_removing_the_folder_inside_does_no_harm(workspace: Workspace) -> None:
    """The folder is gone, as intended."""
    async with workspace.folder(needed_bytes=FEW_BYTES) as folder:
        folder.rmdir()


async def test_a_full_disk_is_reported_before_anything_is_written(workspace: Workspace) -> None:
    """The error is retryable: other jobs will finish."""
    with pytest.raises(Unavailable) as raised:
        async with workspace.folder(needed_bytes=TOO_MANY_BYTES):
            pytest.fail("There is no such disk.")
    assert (raised.value.code, raised.value.retryable) == ("disk_full", True)


async def test_clearing_removes_the_folders_of_killed_processes(workspace: Workspace) -> None:
    """A process that was killed could not remove its folder."""
    unfinished = workspace.folder(needed_bytes=FEW_BYTES)
    folder = await unfinished.__aenter__()
    (folder / "source").write_bytes(b"video")
    await workspace.clear()
    assert not folder.exists()
    await unfinished.__aexit__(None, None, None)


async def test_clearing_nothing_is_fine(workspace: Workspace) -> None:
    """The root may be missing or empty."""
    await workspace.clear()
    await workspace.clear()


async def test_only_its_user_can_read_a_local_folder(root: Path) -> None:
    """Uploads are private."""
    async with LocalWorkspace(root, reserve_bytes=0).folder(needed_bytes=FEW_BYTES) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700


async def test_a_local_disk_keeps_its_reserve(root: Path) -> None:
    """The reserve is for the rest of the machine."""
    with pytest.raises(Unavailable) as raised:
        async with LocalWorkspace(root, reserve_bytes=TOO_MANY_BYTES).folder(needed_bytes=0):
            pytest.fail("There is no such disk.")
    assert raised.value.code == "disk_full"


async def test_promised_space_is_not_promised_twice(root: Path) -> None:
    """Two jobs that each fit may not fit together."""
    workspace = LocalWorkspace(root, reserve_bytes=0)
    most = _free_bytes(root) * 2 // 3
    async with workspace.folder(needed_bytes=most):
        with pytest.raises(Unavailable):
            async with workspace.folder(needed_bytes=most):
                pytest.fail("There is no such disk.")
    async with workspace.folder(needed_bytes=most):
        pass


async def test_a_root_that_is_a_file_is_a_domain_error(tmp_path: Path) -> None:
    """No error of the operating system passes the port."""
    root = tmp_path / "file"
    root.touch()
    with pytest.raises(Unavailable) as raised:
        async with LocalWorkspace(root, reserve_bytes=0).folder(needed_bytes=0):
            pytest.fail("A file is no folder.")
    assert raised.value.code == "workspace_unavailable"


def _entries(root: Path) -> list[Path]:
    return list(root.glob("*"))


def _free_bytes(root: Path) -> int:
    root.mkdir(parents=True)
    return shutil.disk_usage(root).free
