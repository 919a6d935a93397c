"""Signals at inconvenient moments, and repeated signals."""

import signal
from pathlib import Path
from time import sleep

import pytest

from tests.e2e.commands import Shell
from tests.e2e.processes import wait_until

MAX_STOP_S = 60.0


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A shell in an empty folder, without a transcriber."""
    return Shell(tmp_path, {"TELECINE_TRANSCRIBER": "none"})


@pytest.mark.parametrize("delay_s", [0.0, 0.05, 0.2])
def test_a_stop_while_starting_leaves_the_folder_free(shell: Shell, delay_s: float) -> None:
    """At any point of the start the process ends on SIGTERM, and the next one can use the data folder."""
    with shell.running("dev", "--port", "0") as dev:
        wait_until((shell.data_dir / "worker.lock").exists)
        sleep(delay_s)
        dev.process.send_signal(signal.SIGTERM)
        assert dev.process.wait(MAX_STOP_S) == 0, dev.log.read_text()
    with shell.running("dev", "--port", "0") as again:
        assert again.url()


@pytest.mark.parametrize(("number", "delay_s"), [(signal.SIGINT, 0.0), (signal.SIGTERM, 0.1), (signal.SIGINT, 0.3)])
def test_a_second_signal_ends_it_at_once(shell: Shell, number: signal.Signals, delay_s: float) -> None:
    """The second signal skips the clean shutdown, whenever it comes."""
    with shell.running("dev", "--port", "0") as dev:
        dev.url()
        dev.process.send_signal(number)
        sleep(delay_s)
        dev.process.send_signal(number)
        dev.process.wait(MAX_STOP_S)
