"""Each module of the domain and of the adapters has a test file of its name, at the place that mirrors its own."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"

# Modules without a test file of their own, and the file whose tests run them through a module that uses them.
TESTED_ELSEWHERE = {
    "domain.model.media.decoding_report": "unit/model/media/test_accounting.py",
    "domain.model.captions.markup": "unit/model/captions/test_parser.py",
    "adapters.ffmpeg.self_test_video": "unit/adapters/ffmpeg/test_self_test.py",
    "domain.model.media.compression_profile": "unit/model/media/test_remux_rules.py",
    "domain.model.media.content_types": "unit/use_cases/videos/test_get_playback.py",
    "domain.model.transcripts.segmentation": "unit/model/transcripts/test_cues.py",
    "domain.model.uploads.audio_frames": "unit/model/uploads/test_container_sniffing.py",
    "domain.model.uploads.media_types": "unit/model/uploads/test_policy.py",
    "domain.model.videos.transcription_outcome": "unit/model/videos/test_video.py",
    "domain.model.videos.source": "unit/use_cases/media/test_publish_video.py",
    "domain.model.access.ticket": "unit/use_cases/events/test_issue_ticket.py",
    "domain.ports.progress": "unit/use_cases/jobs/test_stage_reporter.py",
    "domain.use_cases.access.lookup": "unit/use_cases/imports/test_request_import.py",
    "domain.use_cases.access.once": "unit/use_cases/transcripts/test_regenerate_transcript.py",
    "domain.use_cases.events.messages": "unit/use_cases/events/test_event_stream.py",
    "domain.use_cases.events.open_stream": "unit/use_cases/events/test_follow_videos.py",
    "domain.use_cases.events.sources": "unit/use_cases/events/test_event_stream.py",
    "domain.use_cases.jobs.factory": "unit/use_cases/videos/test_delete_video.py",
    "domain.use_cases.jobs.group_commit": "unit/use_cases/videos/test_register_videos.py",
    "domain.use_cases.uploads.create_upload": "unit/use_cases/uploads/test_request_upload.py",
    "adapters.eventbus.pauses": "contract/test_event_bus.py",
    "adapters.failpoints.catalogue": "unit/entrypoints/bootstrap/test_failpoints.py",
    "adapters.failpoints.proxies": "unit/entrypoints/bootstrap/test_failpoints.py",
    "adapters.sql.job_rows": "contract/test_job_repository.py",
    "adapters.sql.video_pages": "contract/test_video_repository.py",
    "adapters.sql.video_rows": "contract/test_video_repository.py",
    "adapters.fakes.tables": "contract/test_database.py",
    "adapters.ffmpeg.allowed_formats": "unit/adapters/ffmpeg/test_build_features.py",
    "adapters.ffmpeg.arguments": "unit/adapters/ffmpeg/test_build_features.py",
    "adapters.ffmpeg.input_arguments": "unit/adapters/ffmpeg/test_build_features.py",
    "adapters.ffmpeg.probe_arguments": "unit/adapters/ffmpeg/test_packet_survey.py",
    "adapters.ffmpeg.probe_stream": "unit/adapters/ffmpeg/test_probe.py",
    "adapters.jwt.claims": "unit/adapters/jwt/test_hs256_token_authority.py",
    "adapters.jwt.codec": "unit/adapters/jwt/test_hs256_token_authority.py",
    "adapters.localfs.multipart_index": "unit/adapters/localfs/test_multipart_store.py",
    "adapters.localfs.multipart_upload": "unit/adapters/localfs/test_multipart_store.py",
    "adapters.localfs.staging": "unit/adapters/localfs/test_folder.py",
    "adapters.openai.response": "unit/adapters/openai/test_transcriber.py",
    "adapters.openai.wav_chunk": "unit/adapters/openai/test_transcriber.py",
    "adapters.s3.bucket": "contract/test_object_store.py",
    "adapters.s3.config": "integration/s3/test_faults.py",
    "adapters.s3.download": "contract/test_object_store.py",
    "adapters.s3.file_part": "contract/test_object_store.py",
    "adapters.s3.first_bytes": "contract/test_object_store.py",
    "adapters.s3.memory_part": "contract/test_multipart_store.py",
    "adapters.s3.stall_guard": "integration/s3/test_silence.py",
    "adapters.s3.tcp_timeout": "integration/s3/test_silence.py",
    "adapters.s3.upload": "contract/test_object_store.py",
    "adapters.sandbox.syscall_table": "unit/adapters/sandbox/test_syscalls.py",
    "adapters.sandbox.memory": "unit/adapters/sandbox/test_process.py",
    "adapters.sql.alembic_runner": "integration/sql/test_migrations.py",
    "adapters.sql.config": "integration/sql/test_postgres_faults.py",
    "adapters.sql.event_column": "contract/test_event_log.py",
    "adapters.sql.errors": "integration/sql/test_postgres_faults.py",
    "adapters.sql.migration_steps": "integration/sql/test_online_migrations.py",
    "adapters.sql.postgres": "integration/sql/test_postgres_faults.py",
    "adapters.sql.tables": "integration/sql/test_migrations.py",
    "adapters.sql.usage_changes": "contract/test_usage_repository.py",
    "adapters.taskqueue.in_process_broker": "contract/test_job_queue.py",
    "adapters.taskqueue.job_message": "contract/test_job_queue.py",
    "adapters.taskqueue.outage_log": "integration/redis/test_broker.py",
    "adapters.taskqueue.redis_broker": "integration/redis/test_broker.py",
    "adapters.taskqueue.redis_consumer": "integration/redis/test_broker.py",
    "adapters.taskqueue.redis_messages": "integration/redis/test_broker.py",
    "adapters.taskqueue.redis_settings": "integration/redis/test_broker.py",
    "adapters.sql.webhook_tables": "integration/sql/test_migrations.py",
    "adapters.webhook.config": "integration/webhook/test_sender.py",
    "adapters.whisper.config": "unit/adapters/whisper/test_transcriber.py",
    "adapters.whisper.wav_samples": "unit/adapters/whisper/test_engine.py",
}


def _modules(package: str, root: Path = ROOT / "src") -> Iterator[str]:
    """The modules of a package by their dotted names, without the packages themselves."""
    for path in sorted((root / package).rglob("*.py")):
        if path.name != "__init__.py":
            yield ".".join(path.relative_to(root).with_suffix("").parts)


MODULES = [*_modules("domain"), *_modules("adapters")]
ENTRYPOINTS = [*_modules("entrypoints")]
CLIENT = [*_modules("telecine_client", ROOT / "clients/python/src")]
PORTS = [module.rpartition(".")[2] for module in MODULES if module.startswith("domain.ports.")]


def _mirrored(module: str) -> list[str]:
    """The places where the tests of this module may be, relative to `tests`."""
    root, *folders, name = module.split(".")
    if root == "domain" and folders == ["ports"]:
        return [f"contract/test_{name}.py"]
    if root == "domain":
        return ["/".join(("unit", *folders, f"test_{name}.py"))]
    if root in {"entrypoints", "telecine_client"}:
        return ["/".join(("unit", root, *folders, f"test_{name}.py"))]
    suites = [f"contract/test_{port}.py" for port in PORTS if name == port or name.endswith(f"_{port}")]
    return [
        "/".join(("unit", root, *folders, f"test_{name}.py")),
        "/".join(("integration", *folders, f"test_{name}.py")),
        *suites,
    ]


def _has_own_test(module: str) -> bool:
    return any((TESTS / place).is_file() for place in _mirrored(module))


@cache
def _imports(path: Path) -> frozenset[str]:
    """The names that a file imports: modules, and names in modules."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    froms = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return frozenset(
        {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        | {str(node.module) for node in froms}
        | {f"{node.module}.{alias.name}" for node in froms for alias in node.names}
    )


def _reaches(test: str, module: str) -> bool:
    """Whether the test file, or a module that it mirrors, imports the module: directly or within its package."""
    neighbours = [other for other in MODULES if other.rpartition(".")[0] == module.rpartition(".")[0]]
    found = [TESTS / test, *(_source(other) for other in MODULES if test in _mirrored(other))]
    seen: set[str] = set()
    while found:
        imported = _imports(found.pop())
        new = [other for other in neighbours if other in imported and other not in seen]
        seen.update(new)
        found += [_source(other) for other in new]
    return module in seen


def _source(module: str) -> Path:
    return (ROOT / "src" / module.replace(".", "/")).with_suffix(".py")


def test_the_modules_are_found() -> None:
    """With an empty list the other tests would pass without a check."""
    assert {"domain.model.ids", "domain.ports.clock", "adapters.s3.object_store"} <= set(MODULES)


def test_every_module_has_a_test_of_its_name() -> None:
    """For the others, the table above names the file that tests them."""
    assert [module for module in MODULES if not _has_own_test(module) and module not in TESTED_ELSEWHERE] == []


def test_only_modules_without_their_own_test_are_listed() -> None:
    """A line for a module that no longer exists, or that has a test file now, is deleted."""
    assert [module for module in TESTED_ELSEWHERE if module not in MODULES or _has_own_test(module)] == []


@pytest.mark.parametrize("module", TESTED_ELSEWHERE)
def test_a_module_that_is_tested_elsewhere_is_reached_from_there(module: str) -> None:
    """The test file, or the module that it tests, imports the listed module."""
    test = TESTED_ELSEWHERE[module]
    assert (TESTS / test).is_file()
    assert _reaches(test, module)


@pytest.mark.parametrize("folder", ["model", "use_cases", "adapters", "entrypoints", "telecine_client"])
def test_every_unit_test_mirrors_a_module(folder: str) -> None:
    """It is called `test_<module>.py`, or `test_<module>_<aspect>.py` if one file would be too long."""
    stems = {place.removesuffix(".py") for module in [*MODULES, *ENTRYPOINTS, *CLIENT] for place in _mirrored(module)}
    tests = [path.relative_to(TESTS).as_posix() for path in sorted((TESTS / "unit" / folder).rglob("test_*.py"))]
    assert tests
    assert [
        test
        for test in tests
        if test.removesuffix(".py") not in stems and not any(test.startswith(f"{stem}_") for stem in stems)
    ] == []


def test_every_folder_of_tests_is_a_package_with_files() -> None:
    """Test files of one name in two folders need packages; a folder without test files is a leftover."""
    folders = [path for path in TESTS.rglob("*") if path.is_dir() and path.name != "__pycache__"]
    sources = [folder for folder in folders if any(folder.rglob("*.py"))]
    assert [folder.relative_to(TESTS).as_posix() for folder in sources if not (folder / "__init__.py").is_file()] == []
    assert [
        folder.relative_to(TESTS).as_posix()
        for folder in sources
        if {path.name for path in folder.iterdir()} <= {"__init__.py", "__pycache__"}
    ] == []
