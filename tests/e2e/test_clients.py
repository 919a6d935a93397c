"""The Python and the TypeScript client against a real server: what their READMEs say, and uploads with faults."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from entrypoints.cli.commands.demo import SAMPLE
from telecine_client import Client, InvalidSignature, verify_webhook
from tests.e2e.processes import Telecine, wait_until
from tests.e2e.typescript_client import ROOT, TypeScriptClient, build
from tests.services.proxy import Fault, InjectedFault, Proxy, running_proxy
from tests.services.verifying_receiver import VerifyingReceiver, running_verifying_receiver

PART_BYTES = 5 * 1024 * 1024
PART_COUNT = 5
FILE_BYTES = (PART_COUNT - 1) * PART_BYTES + 700
PUT = r"PUT /bucket/.*partNumber="
SETTINGS = {
    "TELECINE_MULTIPART_PART_BYTES": str(PART_BYTES),
    "TELECINE_TRANSCRIPTION_MODEL": "tiny.en",
    "TELECINE_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
}


@dataclass
class Installation:
    """A server behind a proxy that injects faults."""

    server: Telecine
    proxy: Proxy
    token: str
    puts: InjectedFault = field(init=False)

    def reset(self) -> None:
        """Inject no fault, and count the parts from now on."""
        self.proxy.injected_faults.clear()
        self.puts = self.proxy.inject(PUT, Fault.DELAY, times=1000)

    def fault(self, pattern: str, fault: Fault, *, times: int = 1, status: int = 503) -> None:
        """Inject a fault before the count of parts."""
        self.proxy.injected_faults.insert(0, InjectedFault(pattern, fault, times, status=status))

    def arguments(self, **others: object) -> dict[str, object]:
        """Address and token, for the driver."""
        return {"url": self.proxy.url, "token": self.token, **others}

    def is_whole(self, video_id: str, file: Path) -> bool:
        """Whether the source in the bucket equals the file; true as well if it is erased already."""
        sources = self.server.data_dir.glob(f"bucket/objects/videos/**/{video_id}.mp4")
        return all(source.read_bytes() == file.read_bytes() for source in sources)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Generator[Installation]:
    """One server for all tests."""
    server = Telecine(tmp_path_factory.mktemp("clients") / "data", environment=dict(SETTINGS))
    with running_proxy(server.url) as proxy:
        server.environment["TELECINE_PUBLIC_URL"] = proxy.url
        try:
            server.start()
            yield Installation(server, proxy, server.token())
        finally:
            server.kill()


@pytest.fixture
def telecine(installation: Installation) -> Installation:
    """The server without faults."""
    installation.reset()
    return installation


@pytest.fixture(scope="module")
def typescript(tmp_path_factory: pytest.TempPathFactory) -> TypeScriptClient:
    """The built package."""
    return build(tmp_path_factory.mktemp("typescript"))


@pytest.fixture(scope="module")
def holiday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of video with speech, under the name of the READMEs."""
    file = tmp_path_factory.mktemp("films") / "holiday.mp4"
    cut = ["ffmpeg", "-v", "error", "-i", str(SAMPLE), "-t", "3", "-c", "copy", str(file)]
    subprocess.run(cut, check=True)
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of five parts that begins like a video; the server accepts it, and finds soon that it is none."""
    file = tmp_path / "long.mp4"
    with file.open("wb") as stream:
        stream.write(SAMPLE.read_bytes()[:4096])
        for number in range(1, PART_COUNT):
            stream.seek(number * PART_BYTES)
            stream.write(bytes([number]) * 500)
        stream.truncate(FILE_BYTES)
    return file


def first_lines(client: str) -> str:
    """The example of a README; it is the example file without its first line, which describes it."""
    readme = (ROOT / "clients" / client / "README.md").read_text(encoding="utf-8")
    block = re.search(r"^```(?:python|ts)\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert block is not None
    (example,) = (ROOT / "clients" / client / "examples").iterdir()
    assert block[1] == example.read_text(encoding="utf-8").partition("\n\n")[2]
    return block[1]


def requires_result(printed: str) -> None:
    """Progress, the end of the video, a playable URL, and what is said in the sample."""
    lines = printed.splitlines()
    assert lines[0] in {"0%", "0"}
    assert {"100%", "1"} & set(lines)
    assert any(line.startswith("progress") for line in lines)
    assert any(line.startswith("video.completed") for line in lines)
    (url,) = (line for line in lines if line.startswith("http"))
    assert httpx.get(url).is_success
    assert "video service" in printed.partition(url)[2].lower()


def test_the_lines_of_the_python_readme_work(telecine: Installation, holiday: Path) -> None:
    """As they are, apart from the server's address."""
    script = first_lines("python").replace("http://127.0.0.1:8000", telecine.proxy.url)
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=holiday.parent,
        env={**os.environ, "TELECINE_TOKEN": telecine.token},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    requires_result(ended.stdout)


def test_the_lines_of_the_typescript_readme_work(
    telecine: Installation, typescript: TypeScriptClient, holiday: Path
) -> None:
    """As they are, apart from the server's address; Node removes the types itself."""
    script = first_lines("typescript").replace("http://127.0.0.1:8000", telecine.proxy.url)
    (typescript.folder / "example.ts").write_text(script, encoding="utf-8")
    shutil.copy(holiday, typescript.folder)
    requires_result(typescript.run("example.ts", TELECINE_TOKEN=telecine.token))


def test_typescript_survives_faults(telecine: Installation, typescript: TypeScriptClient, file: Path) -> None:
    """Refused, reset and unanswered calls are repeated; only parts that failed are sent twice."""
    telecine.fault("partNumber=2", Fault.REFUSE)
    telecine.fault("partNumber=4", Fault.RESET)
    telecine.fault("POST /api/videos/upload/presigned", Fault.LOSE_ANSWER)
    telecine.fault("POST /api/.*/upload/complete", Fault.LOSE_ANSWER)
    before = telecine.server.rows("SELECT count(*) FROM videos")[0][0]
    *progress, last = typescript.call(
        "upload", **telecine.arguments(file=str(file), filename="long.mp4", strategy="multipart", parallel=3)
    )
    assert telecine.server.rows("SELECT count(*) FROM videos")[0][0] == before + 1
    assert telecine.puts.hits == PART_COUNT
    assert telecine.is_whole(last["videoId"], file)
    assert (progress[0]["sentBytes"], progress[-1]["ratio"]) == (0, 1)
    assert all(0 <= step["sentBytes"] <= FILE_BYTES for step in progress)


def test_typescript_resumes(telecine: Installation, typescript: TypeScriptClient, file: Path) -> None:
    """A stopped upload sends what is missing; the file of another upload is refused."""
    arguments = telecine.arguments(file=str(file), filename="long.mp4", strategy="multipart", parallel=1)
    *_, stopped, error = typescript.call("upload", **arguments, stopAt=2 * PART_BYTES)
    assert error["error"] == "stopped"
    sent, video_id = telecine.puts.hits, stopped["videoId"]
    assert 2 <= sent < PART_COUNT
    first, *_, last = typescript.call("upload", **arguments, resume=video_id)
    assert first["sentBytes"] >= 2 * PART_BYTES
    assert last["videoId"] == video_id
    assert telecine.puts.hits <= PART_COUNT + 1
    assert telecine.is_whole(video_id, file)
    *_, refused = typescript.call("upload", **{**arguments, "file": str(SAMPLE)}, resume=video_id)
    assert refused["error"] == "other_file"


def test_typescript_reports_the_problem(telecine: Installation, typescript: TypeScriptClient, file: Path) -> None:
    """With its code and status; a file without a name is refused, and so is a wrong token."""
    *_, unnamed = typescript.call("upload", **telecine.arguments(file=str(file), filename="long.xyz"))
    *_, unknown = typescript.call("upload", **{**telecine.arguments(file=str(file), filename="a.mp4"), "token": "x"})
    assert (unnamed["error"], unnamed["status"]) == ("unsupported_extension", 422)
    assert (unknown["error"], unknown["status"]) == ("invalid_token", 401)


@pytest.mark.parametrize("has_streams", [True, False])
def test_typescript_watches(
    telecine: Installation, typescript: TypeScriptClient, holiday: Path, *, has_streams: bool
) -> None:
    """A broken stream goes on after its last event; without streams, the status is polled to the same end."""
    fault = (Fault.RESET, 1, 503) if has_streams else (Fault.REFUSE, 1000, 405)
    telecine.fault(r"GET /api/.*/events", fault[0], times=fault[1], status=fault[2])
    *_, sent = typescript.call("upload", **telecine.arguments(file=str(holiday), filename="holiday.mp4"))
    updates = typescript.call("watch", **telecine.arguments(videoId=sent["videoId"]))
    assert {update["event"] for update in updates} >= ({"snapshot", "video.completed"} if has_streams else {"status"})
    assert updates[-1]["data"]["status"] == "completed"
    assert all(update["event"] == "status" for update in updates) != has_streams


@pytest.fixture
def message(telecine: Installation) -> Generator[tuple[str, dict[str, str], bytes]]:
    """The secret of a webhook, and a message that the server sent."""
    headers = {"Authorization": f"Bearer {telecine.token}"}
    with running_verifying_receiver() as receiver, httpx.Client(base_url=telecine.server.url, headers=headers) as http:
        created = http.post("/api/webhooks", json={"url": receiver.url, "events": ["video.completed"]}).json()
        receiver.secret = created["secret"]
        http.post(f"/api/webhooks/{created['id']}/test").raise_for_status()
        wait_until(lambda: bool(receiver.messages))
        http.delete(f"/api/webhooks/{created['id']}").raise_for_status()
        yield created["secret"], *_only(receiver)


def _only(receiver: VerifyingReceiver) -> tuple[dict[str, str], bytes]:
    (message,) = receiver.messages
    return message


def test_both_verify_webhooks(typescript: TypeScriptClient, message: tuple[str, dict[str, str], bytes]) -> None:
    """A message of the server is genuine; one that was changed is not."""
    secret, headers, body = message
    verified: dict[str, Any] = verify_webhook(secret, body, headers)
    assert verified["type"] == "webhook.test"
    arguments = {"secret": secret, "headers": headers}
    assert typescript.call("verify", body=body.decode(), **arguments) == [verified]
    (forged,) = typescript.call("verify", body=body.decode().replace("webhook.test", "video.failed"), **arguments)
    assert forged["error"] == "invalid_signature"
    with pytest.raises(InvalidSignature):
        verify_webhook(secret, body.replace(b"webhook.test", b"video.failed"), headers)


def test_a_token_may_change(telecine: Installation) -> None:
    """The Python client asks for the current one before each request, also in generated functions."""
    tokens = iter([telecine.token, telecine.token, "expired"])
    with Client(telecine.proxy.url, lambda: next(tokens)) as client:
        assert (
            client.videos(limit=1)["items"] == client.rest.get_httpx_client().get("/api/videos?limit=1").json()["items"]
        )
        assert client.rest.get_httpx_client().get("/api/videos").status_code == 401
