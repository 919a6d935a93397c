"""The lines of ffprobe as a survey."""

import subprocess
from pathlib import Path

import pytest

from adapters.ffmpeg import probe_arguments
from adapters.ffmpeg.edit_lists import Edits
from adapters.ffmpeg.packet_survey import SurveyParser
from domain.model.media.packet_survey import PacketSurvey, UnusedKind
from tests.media import survey
from tests.media.surgery import box


def surveyed(path: Path, container: str, *, played: tuple[int, ...] = (0, 1)) -> PacketSurvey:
    """The survey of a real file."""
    parser = SurveyParser(container, path.stat().st_size, played=played)
    argv = ["ffprobe", *probe_arguments.surveying(path)]
    for line in subprocess.run(argv, check=True, capture_output=True, text=True).stdout.splitlines():
        parser(line)
    return parser.survey(path, is_complete=True)


@pytest.mark.parametrize(
    ("suffix", "container"), [(".mp4", "mov"), (".ts", "mpegts"), (".avi", "avi"), (".ogv", "ogg")]
)
def test_an_ordinary_file_is_used_completely(tmp_path: Path, suffix: str, container: str) -> None:
    """Its tracks have their length."""
    found = surveyed(survey.recording(tmp_path / f"source{suffix}"), container)
    assert (found.unused, found.is_complete, found.ignores_edits) == (None, True, False)
    assert [track.duration_s for track in found.tracks] == [pytest.approx(3.0, abs=0.3)] * 2


def test_a_file_of_one_packet(tmp_path: Path) -> None:
    """What lies before the first packet are headers, of any size."""
    path = tmp_path / "source"
    path.write_bytes(b"\x55" * 300_000)
    parser = SurveyParser("asf", 300_000, played=[0])
    parser("0,0.0,0.0,1.0,10000,290000,K_")
    assert parser.survey(path, is_complete=True).unused is None


def test_a_file_without_packets_is_unused(tmp_path: Path) -> None:
    """Its headers may say anything."""
    path = tmp_path / "source"
    path.write_bytes(bytes(300_000))
    found = SurveyParser("asf", 300_000, played=[0]).survey(path, is_complete=False)
    assert (found.tracks, found.is_complete, found.is_cut) == ((), False, None)
    assert found.unused is not None
    assert found.unused.kind is UnusedKind.PADDING


def test_tracks_that_are_not_played_count_only_in_containers_with_an_index(tmp_path: Path) -> None:
    """A transport stream may go on with a recording in other tracks; an MP4 stores a second sound where it likes."""
    path = tmp_path / "source"
    path.write_bytes(b"\x55" * 300_000)
    for container, is_used in (("mov", True), ("mpegts", False)):
        parser = SurveyParser(container, 300_000, played=[0])
        parser("0,0.0,0.0,1.0,100000,0,K_")
        parser("5,1.0,1.0,1.0,200000,100000,K_")
        assert (parser.survey(path, is_complete=True).unused is None) is is_used
    passive = SurveyParser("mpegts", 300_000, played=[0], passive=[5])
    passive("0,0.0,0.0,1.0,100000,0,K_")
    passive("5,1.0,1.0,1.0,200000,100000,K_")
    assert passive.survey(path, is_complete=True).unused is None


def test_hidden_media_of_a_trimmed_file_is_not_missed(tmp_path: Path) -> None:
    """And the survey says whether the edit lists were ignored."""
    path = tmp_path / "source"
    path.write_bytes(box("ftyp", b"isom") + box("moov") + box("mdat", b"\x55" * 300_000))
    for edits, is_unused in ((Edits.NONE, True), (Edits.TRIMMED, False)):
        parser = SurveyParser("mov", path.stat().st_size, played=[0], edits=edits)
        parser("0,0.0,0.0,1.0,1000,40,K_")
        found = parser.survey(path, is_complete=True)
        assert (found.unused is not None, found.ignores_edits) == (is_unused, False)
    assert SurveyParser("mov", 10, played=[0], edits=Edits.FALSE).survey(path, is_complete=True).ignores_edits
