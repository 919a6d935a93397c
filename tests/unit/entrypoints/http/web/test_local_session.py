"""Which callers the page's sign-in without a token takes for this machine."""

from dataclasses import replace
from typing import Any

import pytest

from entrypoints.http.web.local_session import Caller, refusal

BROWSER = Caller(
    peer="127.0.0.1",
    port=8000,
    scheme="http",
    http_version="1.1",
    host=["127.0.0.1:8000"],
    origin=["http://127.0.0.1:8000"],
    fetch_site=["same-origin"],
    forwarding=[],
)
PROGRAM = replace(BROWSER, origin=[], fetch_site=[])


@pytest.mark.parametrize(
    "caller",
    [
        BROWSER,
        PROGRAM,
        replace(BROWSER, host=["localhost:8000"], origin=["http://localhost:8000"]),
        replace(BROWSER, host=["[::1]:8000"], origin=["http://[::1]:8000"], peer="::1"),
        replace(BROWSER, peer="::ffff:127.0.0.1"),
        replace(BROWSER, peer="127.0.0.9"),
        replace(BROWSER, fetch_site=[]),
        replace(BROWSER, port=80, host=["localhost"], origin=["http://localhost"]),
    ],
)
def test_a_page_or_a_program_of_this_machine_is_accepted(caller: Caller) -> None:
    """By every name of the loopback interface; old browsers send no `Sec-Fetch-Site`."""
    assert refusal(caller) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"peer": "192.0.2.7"},
        {"peer": "::ffff:192.0.2.7"},
        {"peer": ""},
        {"peer": "/run/telecine.sock"},
        {"host": ["evil.example:8000"], "origin": ["http://evil.example:8000"]},
        {"host": ["evil.example"], "origin": ["http://evil.example"]},
        {"host": ["localhost.evil.example:8000"]},
        {"host": ["127.0.0.1"], "origin": ["http://127.0.0.1"]},
        {"host": ["127.0.0.1:3000"], "origin": ["http://127.0.0.1:3000"]},
        {"host": ["::1:8000"]},
        {"host": []},
        {"host": ["127.0.0.1:8000", "evil.example"]},
        {"origin": ["https://evil.example"]},
        {"origin": ["http://127.0.0.1:3000"]},
        {"origin": ["http://localhost:8000"]},
        {"origin": ["https://127.0.0.1:8000"]},
        {"origin": ["null"]},
        {"origin": ["http://127.0.0.1:8000", "https://evil.example"]},
        {"fetch_site": ["cross-site"]},
        {"fetch_site": ["same-site"], "origin": []},
        {"fetch_site": ["none"], "origin": []},
        {"fetch_site": ["same-origin", "cross-site"]},
        {"forwarding": ["x-forwarded-for"]},
        {"port": None},
        {"http_version": "1.0"},
    ],
)
@pytest.mark.parametrize("caller", [BROWSER, PROGRAM])
def test_any_other_caller_is_refused(caller: Caller, changed: dict[str, Any]) -> None:
    """A client elsewhere, a name that resolves to this machine, another origin or port, and a proxy."""
    assert refusal(replace(caller, **changed)) is not None
