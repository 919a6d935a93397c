"""What the clients of the canary scenario do: everything that has a secret, and what fails with one."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import httpx
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.e2e.processes import wait_until
from tests.services.proxy import Fault, Proxy
from tests.services.transcription_server import in_json
from tests.services.verifying_receiver import half_of_first_attempts, running_verifying_receiver
from tests.torture.stage import Stage
from tests.torture.victim import Victim

_SIGNATURES = frozenset({"X-Amz-Signature", "signature", "verify"})
_URL = re.compile(r"https?://[^\s\"\\]+")
_DELIVERED = "SELECT id FROM webhook_deliveries WHERE status = 'delivered'"


@dataclass
class Canaries:
    """The secrets that exist by now, and the answers and outputs in which none of them may be."""

    values: dict[str, str] = field(repr=False)
    keep_redis_user: Callable[[], None]
    errors: list[str] = field(default_factory=list[str])
    doctor: str = ""

    def record(self, answer: httpx.Response) -> httpx.Response:
        """Keep the text of an error; remember the signatures in the URLs of a success."""
        answer.read()
        if answer.is_error:
            self.errors.append(f"{answer.status_code} {dict(answer.headers)} {answer.text}")
        else:
            self.remember(answer.text)
        return answer

    def remember(self, text: str) -> None:
        """Remember the signatures of all URLs in a text."""
        for url in map(str, _URL.findall(text)):
            for name, value in parse_qsl(urlsplit(url.replace("\\u0026", "&")).query):
                if name in _SIGNATURES:
                    # What follows the time in a token of the CDN is the signature.
                    self.values[f"signature {len(self.values)}"] = value.partition("-")[2] or value


def use_everything(victim: Victim, stage: Stage, storage: Proxy, canaries: Canaries) -> None:
    """Upload, play, follow and deliver, with and without failures of every server."""
    token = victim.deployment.token
    canaries.values |= {"user token": token, "user token's signature": token.rpartition(".")[2]}
    url, headers = victim.deployment.api.url or "", {"Authorization": f"Bearer {token}"}
    with (
        running_verifying_receiver() as receiver,
        httpx.Client(base_url=url, headers=headers, timeout=60.0, event_hooks={"response": [canaries.record]}) as http,
    ):
        receiver.fails = half_of_first_attempts
        hook = http.post("/api/webhooks", json={"url": receiver.url}).json()
        receiver.secret = canaries.values["webhook secret"] = hook["secret"].removeprefix("whsec_")
        video_id = _upload(victim, http)
        _fail(victim, stage, storage, http, canaries)
        _play(http, video_id, canaries)
        _stream(http, url, token, canaries)
        _ask_badly(http, token, canaries)
        wait_until(lambda: bool(victim.deployment.rows.read(_DELIVERED)))
        rotated = http.post(f"/api/webhooks/{hook['id']}/rotate-secret").json()
        canaries.values["rotated webhook secret"] = rotated["secret"].removeprefix("whsec_")
        http.get(f"/api/webhooks/{hook['id']}/deliveries")
        with suppress(RuntimeError):
            canaries.doctor = victim.deployment.run("doctor")


def _upload(victim: Victim, http: httpx.Client) -> str:
    """Upload a clip with sound whose transcript succeeds; return the video's id."""
    clip = victim.clips.tiny
    body = {"filename": "clip.mp4", "file_size": clip.path.stat().st_size}
    grant = http.post("/api/videos/upload/presigned", json=body, headers={"Idempotency-Key": str(uuid4())}).json()
    video_id: str = grant["video_id"]
    victim.client.put(grant, clip.path)
    http.post(f"/api/videos/{video_id}/upload/complete", json={"success": True})
    victim.inspector.wait_terminal([video_id])
    return video_id


def _fail(victim: Victim, stage: Stage, storage: Proxy, http: httpx.Client, canaries: Canaries) -> None:
    """The transcriber refuses and repeats its key, the bucket and both databases fail, and programs are killed."""
    message = f"Incorrect API key provided: {canaries.values['openai key']}."
    refused = in_json({"error": {"message": message, "type": "invalid_request_error", "code": "bad"}}, status=400)
    victim.deployment.transcription.script.extend([refused] * 3)
    failed = _upload(victim, http)
    http.get(f"/api/videos/{failed}/status")
    for fault in Fault:
        storage.inject(r"^(GET|PUT|HEAD|POST) \S+", fault, times=6, chance=0.5, delay_s=0.5)
    victim.send()
    stage.services.redis.restart()  # It has forgotten its user, so that the password is refused.
    victim.client.cancel(victim.client.grant(victim.clips.tiny.path)["video_id"])
    wait_until(lambda: any("redis" in program.output() for program in victim.deployment.programs))
    canaries.keep_redis_user()
    stage.services.postgres.restart(abruptly=True)
    victim.deployment.workers[0].kill()
    victim.deployment.start()
    victim.inspector.wait_settled()


def _play(http: httpx.Client, video_id: str, canaries: Canaries) -> None:
    """Get every kind of playback URL, with the user's token and with one for viewers."""
    http.get(f"/api/videos/{video_id}/playback")
    http.get(f"/api/videos/{video_id}/original")
    issued = http.post(f"/api/videos/{video_id}/playback-tokens", json={"expires_in": 3600}).json()
    canaries.values["playback token"] = issued["token"]
    viewer = {"Authorization": f"Bearer {issued['token']}"}
    playback = http.get(f"/api/videos/{video_id}/playback", headers=viewer)
    http.get("/api/videos", headers=viewer)
    for track in _URL.findall(playback.text):
        if "/api/" in track:
            http.get(track)
            http.get(f"{track}0")


def _stream(http: httpx.Client, url: str, token: str, canaries: Canaries) -> None:
    """Open streams with tickets, each of which is then tried again."""
    for number in range(2):
        ticket: str = http.post("/api/events/ticket").json()["ticket"]
        canaries.values[f"ticket {number}"] = ticket
        with httpx.stream("GET", f"{url}/api/events?ticket={ticket}", timeout=60.0) as stream:
            next(stream.iter_lines())
        http.headers.pop("Authorization")
        http.get(f"/api/events?ticket={ticket}")
        http.headers["Authorization"] = f"Bearer {token}"
        with suppress(WebSocketException), connect(f"{url.replace('http', 'ws')}/api/ws?ticket={ticket}") as socket:
            socket.recv()


def _ask_badly(http: httpx.Client, token: str, canaries: Canaries) -> None:
    """Send secrets where they do not belong."""
    signed = f"https://bucket.example.org/key?X-Amz-Signature={'c0ffee' * 10}"
    canaries.values["signature of a client"] = "c0ffee" * 10
    http.get(f"/api/videos?access_token={token}")
    http.get("/api/videos", headers={"Authorization": f"Bearer {token}x"})
    http.get("/api/videos", headers={"Authorization": f"Basic {token}"})
    http.get(f"/api/events?ticket={token}", headers={"Authorization": "Bearer x"})
    http.get("/api/videos", params={"cursor": token})
    http.post("/api/videos/youtube", json={"url": signed})
    http.post("/api/webhooks", json={"url": f"https://user:{token[-40:]}@receiver.example/hook"})
    http.post("/api/webhooks", json={"url": 1, "secret": token})
    http.post("/api/videos/upload/presigned", content=f'{{"filename": {token}')
