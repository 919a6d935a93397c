"""The Worker of the deployment guide, run by Node: it accepts the URLs of our signer, and no others."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.cdn.playback_signer import CdnPlaybackSigner
from domain.model.object_key import ObjectKey
from entrypoints.config.playback import PlaybackSettings
from tests.services.missing import missing

ROOT = Path(__file__).resolve().parents[4]
WORKER = ROOT / "deploy/cloudflare-worker.js"
SECRET = "0123456789abcdef0123456789abcdef"
KEY = ObjectKey("derived/auth0%7Cann/1/1-rendition.mp4")
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LIFETIME_S = 5400

# Runs the Worker over a bucket with one object, in the form of Cloudflare's R2 binding.
HARNESS = """
import { readFileSync } from "node:fs";
const source = readFileSync(process.argv[1], "utf8");
const worker = (await import(`data:text/javascript,${encodeURIComponent(source)}`)).default;
const { key, secret, requests } = JSON.parse(readFileSync(0, "utf8"));
const bytes = new TextEncoder().encode("0123456789");
const object = {
  size: 10, httpEtag: '"1"', writeHttpMetadata: (headers) => headers.set("Content-Type", "video/mp4"),
};
const BUCKET = {
  head: async (name) => (name === key ? object : null),
  get: async (name, { range, onlyIf }) => {
    if (name !== key) return null;
    if (onlyIf.get("If-None-Match") === object.httpEtag) return object;
    const wanted = /^bytes=(\\d+)-(\\d+)$/.exec(range.get("Range") ?? "");
    if (wanted === null) return { ...object, body: bytes };
    const [offset, last] = [Number(wanted[1]), Number(wanted[2])];
    if (offset >= 10) throw new Error("range");
    return { ...object, body: bytes.slice(offset, last + 1), range: { offset, length: last + 1 - offset } };
  },
};
const answers = [];
for (const { url, now, method, headers } of requests) {
  Date.now = () => now * 1000;
  const env = { BUCKET, SECRET: secret, LIFETIME_S: "5400" };
  const answer = await worker.fetch(new Request(url, { method, headers }), env);
  answers.push([answer.status, await answer.text(), Object.fromEntries(answer.headers)]);
}
console.log(JSON.stringify(answers));
"""


def asked(*requests: Mapping[str, object], secret: str = SECRET) -> list[tuple[int, str, dict[str, str]]]:
    """The Worker's responses to these requests."""
    node = shutil.which("node")
    if node is None:
        missing("node", "Install Node.js 20 or later.")
    complete: list[dict[str, object]] = [
        {"now": NOW.timestamp(), "method": "GET", "headers": dict[str, str](), **request} for request in requests
    ]
    command = [node, "--input-type=module", "-e", HARNESS, str(WORKER)]
    sent = json.dumps({"key": KEY, "secret": secret, "requests": complete})
    ended = subprocess.run(command, input=sent, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr
    return [(status, body, headers) for status, body, headers in json.loads(ended.stdout)]


def url(key: str = KEY, *, ago_s: int = 0) -> str:
    """A URL of our signer."""
    return CdnPlaybackSigner("https://media.example.org", SECRET.encode()).presign_get(
        ObjectKey(key), content_type="video/mp4", expires_in_s=LIFETIME_S, signed_at=NOW - timedelta(seconds=ago_s)
    )


def test_our_urls_are_served_for_their_lifetime() -> None:
    """In ranges, for HEAD, and with conditions; any page may read the response."""
    whole, last, part, beyond, head, known, absent = asked(
        {"url": url()},
        {"url": url(ago_s=LIFETIME_S - 1)},
        {"url": url(), "headers": {"Range": "bytes=2-4"}},
        {"url": url(), "headers": {"Range": "bytes=10-12"}},
        {"url": url(), "method": "HEAD"},
        {"url": url(), "headers": {"If-None-Match": '"1"'}},
        {"url": url("derived/none.mp4")},
    )
    assert (whole[:2], whole[2]["content-type"]) == ((200, "0123456789"), "video/mp4")
    assert whole[2]["access-control-allow-origin"] == "*"
    assert whole[2]["cache-control"] == f"private, max-age={LIFETIME_S}"
    assert (last[0], last[2]["cache-control"]) == (200, "private, max-age=1")
    assert (part[:2], part[2]["content-range"]) == ((206, "234"), "bytes 2-4/10")
    assert (head[:2], head[2]["content-length"]) == ((200, ""), "10")
    assert [answer[0] for answer in (beyond, known, absent)] == [416, 304, 404]


def test_any_other_url_is_rejected() -> None:
    """Expired, changed, extended, without a token, or signed with another secret; the body says nothing."""
    signed = url()
    bare, token = signed.split("?verify=")
    rejected = [
        url(ago_s=LIFETIME_S),
        bare,
        f"{bare}?verify=",
        f"{bare}?verify=0{token}",
        f"{bare}?verify={token[:11]}{'A' * 43}%3D",
        f"{bare}?verify={token[:11]}A",
        f"{bare}?verify={int(token[:10]) + 1}{token[10:]}",
        f"{signed}&x=1",
        f"{bare}?x=1&verify={token}",
        signed.replace("1-rendition", "2-rendition"),
        signed.replace("%257C", "%7C"),
    ]
    answers = asked(*({"url": each} for each in rejected))
    assert [answer[0] for answer in answers] == [403] * len(rejected)
    assert asked({"url": signed}, secret="another")[0][0] == 403
    assert asked({"url": signed}, secret="")[0][0] == 403
    assert [answer[0] for answer in asked({"url": signed, "method": "PUT"}, {"url": bare, "method": "OPTIONS"})] == [
        405,
        204,
    ]


@pytest.mark.parametrize("place", ["docs/deploy.md", "deploy/cloudflare-worker.js"])
def test_the_guide_has_the_lifetime_of_the_defaults(place: str) -> None:
    """A rule with another lifetime would contradict `expires_at`."""
    assert PlaybackSettings().lifetime.signed_s == LIFETIME_S
    assert str(LIFETIME_S) in (ROOT / place).read_text(encoding="utf-8")


def test_the_guide_has_the_rule() -> None:
    """With the length of the separator `?verify=`."""
    guide = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
    assert len("?verify=") == 8
    assert f"http.request.uri, {LIFETIME_S}, http.request.timestamp.sec, 8)" in guide
