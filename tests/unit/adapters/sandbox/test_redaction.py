"""Which parts of a program's output may be shown and logged."""

import pytest

from adapters.sandbox.redaction import MAX_LOGGED_BYTES, redact_for_log, redacted


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        ("file:/var/lib/telecine/job-1/source: Invalid data", "the file: Invalid data"),
        ("can't open '/etc/passwd'", "can't open 'the file'"),
        ("GET https://bucket.example/key?X-Amz-Signature=abc failed", "GET an address failed"),
        ("tcp://10.0.0.1:9000 refused", "an address refused"),
        ("30000/1001 fps, 1/25 tbr", "30000/1001 fps, 1/25 tbr"),
        ("\x1b[31mred\x07", "[31mred"),
    ],
)
def test_paths_addresses_and_control_characters_are_removed(output: str, shown: str) -> None:
    """The rest still says what went wrong."""
    assert redacted(output) == shown


def test_the_log_gets_the_last_lines_and_few_of_them() -> None:
    """However much a hostile file makes a program print."""
    logged = redact_for_log("\n".join(f"/secret/{number} is {number} é" for number in range(1000)) + "\n\n")
    assert logged.endswith("the file is 998 é\nthe file is 999 é")
    assert len(logged.encode()) <= MAX_LOGGED_BYTES
    assert "secret" not in logged
