"""The TypeScript client in Chromium, on a page of another origin."""

import json
from pathlib import Path

from tests.e2e.chromium import reported
from tests.e2e.processes import running
from tests.e2e.typescript_client import build
from tests.services.ports import free_port

PART_BYTES = 5 * 1024 * 1024
FILE_BYTES = 2 * PART_BYTES + 700

PAGE = """<!doctype html><meta charset="utf-8">
<script type="module">
const { url, token, size } = SERVER;
const steps = [];
const onProgress = (step) => steps.push(step.sentBytes);
async function run() {
  const { connect } = await import("/dist/connect.js");
  const { upload } = await import("/dist/upload.js");
  const { watch } = await import("/dist/watch.js");
  const brand = new TextEncoder().encode("ftypisom");
  const head = new Uint8Array([0, 0, 0, 20, ...brand, 0, 0, 2, 0, ...brand.slice(4)]);
  const file = new File([head, new Uint8Array(size - head.length)], "film.mp4", { type: "video/mp4" });
  const client = connect(url, async () => token);
  const videoId = await upload(client, file, { strategy: "multipart", onProgress });
  const events = [];
  for await (const { event, data } of watch(client, videoId)) events.push([event, data.failure?.code]);
  return { steps, events };
}
run().catch((error) => ({ error: String(error), code: error.code }))
  .then((result) => fetch("/result", { method: "POST", body: JSON.stringify(result) }));
</script>"""


def test_a_page_uploads_and_watches(tmp_path: Path) -> None:
    """Progress has at least a step for each part, and ends with the size of the file."""
    (tmp_path / "package").mkdir()
    built = build(tmp_path / "package").folder
    files = {f"/{path.relative_to(built)}": path.read_bytes() for path in (built / "dist").rglob("*.js")}
    port = free_port()
    settings = {
        "TELECINE_TRANSCRIBER": "none",
        "TELECINE_MULTIPART_PART_BYTES": str(PART_BYTES),
        "TELECINE_CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{port}",
    }
    with running(tmp_path / "data", **settings) as telecine:
        server = {"url": telecine.url, "token": telecine.token(), "size": FILE_BYTES}
        result = reported(tmp_path, files | {"/": PAGE.replace("SERVER", json.dumps(server)).encode()}, port=port)
    assert "error" not in result, result
    steps = result["steps"]
    assert (steps[0], steps[-1]) == (0, FILE_BYTES)
    assert len(steps) >= 1 + 3
    assert steps == sorted(steps)
    assert result["events"][-1] == ["video.failed", "malformed_video"]
