"""How the upload client resumes an earlier run."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from domain.model.errors import Conflict, TelecineError
from domain.model.uploads.multipart import MIN_PART_BYTES
from entrypoints.cli.commands.upload import upload_only
from entrypoints.cli.main import main
from telecine_client.errors import ErrorResponse, InvalidArgument, UploadClosed
from tests.unit.entrypoints.cli.upload_command import ADA, BOB, UploadCommand, file_of
from tests.unit.entrypoints.cli.upload_server import answers, problem

PUT = r"PUT /video-\d/\d+"


@pytest.fixture(autouse=True)
def state_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the command stores its state."""
    home = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    return home


@pytest.fixture
def command(tmp_path: Path) -> UploadCommand:
    """An upload of five parts that failed after the first two."""
    command = UploadCommand(file_of(tmp_path, 5))
    command.server.order("PUT /video-1/3", answers(501))
    with pytest.raises(ErrorResponse):
        command.run()
    command.server.calls.clear()
    return command


def test_the_same_command_sends_what_is_missing(command: UploadCommand, capsys: pytest.CaptureFixture[str]) -> None:
    """To the same video; one line of output says so."""
    assert command.run() == "video-1"
    assert [call for call in command.server.calls if "PUT" in call] == [f"PUT /video-1/{n}" for n in (3, 4, 5)]
    assert command.server.upload.content == command.file.read_bytes()
    assert capsys.readouterr().err == "Resuming video video-1: 10.5 of 21.0 MB uploaded.\n"


def test_a_single_put_restarts_for_the_same_video(tmp_path: Path) -> None:
    """Unless it has arrived in the meantime."""
    command = UploadCommand(file_of(tmp_path, 1))
    command.server.order(PUT, answers(501))
    with pytest.raises(ErrorResponse):
        command.run("single")
    assert command.run("single") == "video-1"
    assert (command.server.count(PUT), command.server.upload.content) == (2, command.file.read_bytes())
    command.server.upload.status = "uploading"
    command.remember("video-1")
    assert command.run("single") == "video-1"
    assert command.server.count(PUT) == 2


def test_an_accepted_upload_sends_nothing_more(command: UploadCommand) -> None:
    """The client was killed after the server accepted it; even if the video has failed since."""
    command.run()
    for status in ("uploaded", "completed"):
        command.server.upload.status = status
        command.remember("video-1")
        assert command.run() == "video-1"
    assert command.server.count(PUT) == 3


def test_no_resume_begins_a_new_upload(command: UploadCommand) -> None:
    """And the new one is remembered."""
    assert command.run(is_new=True) == "video-2"
    assert command.server.count(PUT) == 5
    assert command.server.uploads["video-1"].status == "uploading"


@pytest.mark.parametrize("size_bytes", [4 * MIN_PART_BYTES + 700, 4 * MIN_PART_BYTES])
def test_a_file_that_has_changed_since_begins_a_new_upload(
    command: UploadCommand, size_bytes: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Detected by size or modification time; a message says so."""
    os.truncate(command.file, size_bytes)
    os.utime(command.file, ns=(1, 1))
    assert command.run() == "video-2"
    assert capsys.readouterr().err == "The file has changed since its upload began; starting a new upload.\n"


def test_another_file_of_the_same_name_begins_a_new_upload(command: UploadCommand) -> None:
    """Even with the same size and modification time."""
    status = command.file.stat()
    other = command.file.with_name("twin.mp4")
    other.write_bytes(bytes(status.st_size))
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(command.file)
    assert command.run() == "video-2"


def test_an_upload_that_the_server_has_closed_is_replaced(command: UploadCommand) -> None:
    """It was cancelled, has expired, or belongs to another database."""
    command.server.uploads["video-1"].status = "failed"
    assert command.run() == "video-2"
    command.remember("video-9")
    assert command.run() == "video-3"


def test_an_error_on_the_way_forgets_nothing(command: UploadCommand) -> None:
    """For example an expired token."""
    command.server.order("GET .*", problem(401, "invalid_token"))
    with pytest.raises(ErrorResponse):
        command.run()
    assert command.run() == "video-1"


def test_the_id_alone_is_enough(command: UploadCommand) -> None:
    """On a machine that remembers nothing."""
    command.memory().path.unlink()
    assert command.run(video_id="video-1") == "video-1"
    assert command.server.count(PUT) == 3


def test_the_id_of_another_file_is_refused(command: UploadCommand, tmp_path: Path) -> None:
    """Nothing is sent or remembered."""
    folder = tmp_path / "other"
    folder.mkdir()
    other = UploadCommand(file_of(folder, 4), command.server)
    with pytest.raises(InvalidArgument, match="it belongs to another file") as caught:
        other.run(video_id="video-1")
    assert caught.value.code == "other_file"
    assert (command.server.count(PUT), other.memory().load()) == (0, None)


def test_the_id_of_a_closed_upload_is_refused(command: UploadCommand) -> None:
    """No new upload is started; the same holds for an unknown id."""
    command.server.upload.status = "failed"
    with pytest.raises(UploadClosed) as closed:
        command.run(video_id="video-1")
    with pytest.raises(ErrorResponse) as unknown:
        command.run(video_id="video-9")
    assert (closed.value.code, unknown.value.code) == ("upload_closed", "video_not_found")
    assert len(command.server.uploads) == 1


def test_the_stored_state_grants_no_access(command: UploadCommand, state_home: Path) -> None:
    """One private file without token or signature; it is deleted when the server has accepted the upload."""
    (path,) = state_home.glob("telecine/uploads/*")
    assert path == command.memory().path
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    assert "video-1" in text
    assert str(command.file) in text
    assert "signature" not in text
    assert "eyJ" not in text
    command.run()
    assert list(state_home.glob("telecine/uploads/*")) == []


@pytest.mark.parametrize("text", ["", "{}", "garbage", '{"video_id": 5}'])
def test_unreadable_state_is_ignored(command: UploadCommand, text: str) -> None:
    """A new upload is started."""
    command.memory().path.write_text(text)
    assert command.run() == "video-2"


def test_every_user_server_and_file_has_its_own_memory(command: UploadCommand, tmp_path: Path) -> None:
    """A token of unknown format has no user; a slash at the end of the URL makes no difference."""
    mine = command.memory()
    other = UploadCommand(tmp_path / "other.mp4")
    other.file.touch()
    tokens = [BOB, "garbage", "a.b.c", "a.W10.c"]
    others = [other.memory(), command.memory(url="http://other.test"), *(command.memory(token=t) for t in tokens)]
    assert len({mine.path, *(memory.path for memory in others)}) == 5
    assert command.memory(url="http://telecine.test/").path == mine.path


def test_a_second_process_is_refused(command: UploadCommand) -> None:
    """While the first one runs; a lock left by a killed process blocks nothing."""
    command.memory().path.with_suffix(".lock").touch()
    with command.memory().locked(), pytest.raises(Conflict) as caught:
        command.run()
    assert caught.value.code == "upload_in_progress"
    assert command.run() == "video-1"


def test_a_lock_that_was_removed_is_no_lock(command: UploadCommand) -> None:
    """A process that opened it before its holder removed it opens the new one."""
    memory, lock = command.memory(), command.memory().path.with_suffix(".lock")
    with memory.locked():
        lock.unlink()
        with command.memory().locked():
            assert lock.exists()


def test_a_relative_xdg_state_home_is_ignored(command: UploadCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    """The state is then stored in `~/.local/state`."""
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("HOME", "/home/ada")
    assert command.memory().path.parent == Path("/home/ada/.local/state/telecine/uploads")


def test_an_upload_is_not_remembered_without_a_writable_folder(
    tmp_path: Path, state_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A warning is printed, and the file is uploaded."""
    state_home.write_text("no folder")
    command = UploadCommand(file_of(tmp_path, 1))
    assert command.run() == "video-1"
    assert command.server.upload.content == command.file.read_bytes()
    (line,) = capsys.readouterr().err.splitlines()
    assert line == f"Warning: this upload cannot be resumed later: {state_home}/telecine/uploads: Not a directory"


def test_a_file_is_named_after_its_link(tmp_path: Path) -> None:
    """The name of a link, not of its target; bytes that are not text are replaced."""
    blob = file_of(tmp_path, 1).rename(tmp_path / "blob")
    link = tmp_path / os.fsdecode(b"caf\xe9.mp4")
    link.symlink_to(blob)
    command = UploadCommand(link)
    command.run()
    assert command.server.filenames == ["caf\ufffd.mp4"]


def test_the_two_resume_options_exclude_each_other(tmp_path: Path) -> None:
    """A usage error."""
    file = file_of(tmp_path, 1)
    result = CliRunner().invoke(main, ["upload", str(file), "--token", "x", "--resume", "video-1", "--no-resume"])
    assert result.exit_code == 2
    assert "--resume and --no-resume exclude each other" in result.stderr


def test_a_failed_upload_says_how_to_resume(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line before the error, if the upload is remembered."""
    command = UploadCommand(file_of(tmp_path, 1))
    unreachable = "http://127.0.0.1:1"
    for expected in ("", "Run the same command again to resume the upload.\n"):
        with pytest.raises(TelecineError, match="No response from"):
            upload_only(command.file, url=unreachable, token=ADA)
        assert capsys.readouterr() == ("", expected)
        memory = command.memory(url=unreachable)
        with memory.locked():
            memory.save("video-1")
