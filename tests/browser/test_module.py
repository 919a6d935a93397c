"""The upload module in Node, against a real Telecine: every fault, pause, resumption and refusal."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.e2e.processes import running
from tests.services.missing import missing
from tests.services.ports import free_port

TESTS = Path(__file__).parent / "module"
PART_BYTES = 5 * 1024 * 1024


def test_the_module_in_node(tmp_path: Path) -> None:
    """The bucket's address is a proxy of the tests, so that bucket and API fail apart from each other."""
    node = shutil.which("node") or missing("node", "Install Node 20 or later.")
    port = free_port()
    settings = {
        "TELECINE_TRANSCRIBER": "none",
        "TELECINE_MULTIPART_PART_BYTES": str(PART_BYTES),
        "TELECINE_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    with running(tmp_path / "data", **settings) as server:
        environment = {
            **os.environ,
            "TELECINE_URL": server.url,
            "TELECINE_TOKEN": server.token(),
            "BUCKET_PORT": str(port),
        }
        # One file after the other, because they share the port of the bucket.
        argv = [node, "--test", "--test-concurrency=1", *map(str, sorted(TESTS.glob("*.test.mjs")))]
        result = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
