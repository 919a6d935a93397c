"""The proxy injects faults into the calls that match, and forwards all others."""

import random
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler

import httpx
import pytest

from tests.services.proxy import Fault, Proxy, running_proxy
from tests.services.threaded_server import ThreadedServer


class Counting(BaseHTTPRequestHandler):
    """Answers every PUT with 200, and records its path."""

    protocol_version = "HTTP/1.1"
    arrived: list[str]

    def do_PUT(self) -> None:
        """Read the body and record the path; a body that is cut off is not recorded."""
        length = int(self.headers["Content-Length"])
        if len(self.rfile.read(length)) < length:
            return
        self.arrived.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's own name)
        """Keep access lines out of the test output."""


@pytest.fixture
def arrived() -> list[str]:
    """The paths that the server received."""
    return []


@pytest.fixture
def proxy(arrived: list[str]) -> Generator[Proxy]:
    """A proxy in front of a new server."""
    handler = type("Handler", (Counting,), {"arrived": arrived})
    with ThreadedServer(("127.0.0.1", 0), handler) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        try:
            with running_proxy(f"http://127.0.0.1:{server.server_port}") as opened:
                yield opened
        finally:
            server.shutdown()
            serving.join()


@pytest.fixture
def client(proxy: Proxy) -> Generator[httpx.Client]:
    """A client that connects through the proxy, with keep-alive."""
    with httpx.Client(base_url=proxy.url, timeout=5) as opened:
        yield opened


def test_a_call_that_matches_no_fault_passes(client: httpx.Client, proxy: Proxy, arrived: list[str]) -> None:
    """Calls that no pattern matches are forwarded unchanged."""
    injected = proxy.inject("^PUT /bad", Fault.DROP)
    assert [client.put(path, content=b"x" * 200_000).status_code for path in ("/a", "/b")] == [200, 200]
    assert (arrived, injected.hits) == (["/a", "/b"], 0)


@pytest.mark.parametrize(("fault", "arrives"), [(Fault.DROP, []), (Fault.RESET, []), (Fault.LOSE_ANSWER, ["/bad"])])
def test_a_call_with_a_fault_has_no_answer(
    client: httpx.Client, proxy: Proxy, arrived: list[str], fault: Fault, arrives: list[str]
) -> None:
    """Only with a lost answer does the call itself succeed; the next call passes."""
    injected = proxy.inject("^PUT /bad", fault)
    with pytest.raises(httpx.TransportError):
        client.put("/bad", content=b"x" * 1000)
    assert (arrived, injected.hits) == (arrives, 1)
    assert client.put("/bad", content=b"x").status_code == 200


def test_a_refused_call_is_answered_and_not_forwarded(client: httpx.Client, proxy: Proxy, arrived: list[str]) -> None:
    """The answer comes after the body has arrived, so that the client reads it."""
    proxy.inject("^PUT /bad", Fault.REFUSE, status=500)
    assert client.put("/bad", content=b"x" * 200_000).status_code == 500
    assert client.put("/bad", content=b"x").status_code == 200
    assert (arrived, proxy.calls) == (["/bad"], 2)


def test_a_fault_may_have_a_probability(client: httpx.Client, proxy: Proxy) -> None:
    """The same random generator affects the same calls."""
    proxy.inject("^PUT /", Fault.REFUSE, times=100, chance=0.5, dice=random.Random(1))
    dice = random.Random(1)
    expected = [503 if dice.random() < 0.5 else 200 for _ in range(20)]
    assert [client.put("/", content=b"x").status_code for _ in range(20)] == expected


def test_a_delayed_call_is_answered_late(client: httpx.Client, proxy: Proxy) -> None:
    """It is forwarded after its delay."""
    proxy.inject("^PUT /slow", Fault.DELAY, delay_s=0.3)
    answer = client.put("/slow", content=b"x")
    assert (answer.status_code, answer.elapsed.total_seconds() >= 0.3) == (200, True)


def test_a_cut_lasts_until_it_is_restored(client: httpx.Client, proxy: Proxy) -> None:
    """It closes open connections and new ones."""
    assert client.put("/a", content=b"x").status_code == 200
    proxy.cut()
    with pytest.raises(httpx.TransportError):
        client.put("/b", content=b"x")
    proxy.restore()
    assert client.put("/c", content=b"x").status_code == 200
