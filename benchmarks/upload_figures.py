"""Measurements of uploads, compared with the goals."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from benchmarks.figures import Figure, figure
from benchmarks.usage import Usage

ONE_PUT, IN_PARTS = "presigned, one PUT", "presigned, in parts"
OUR_FORM, SPOOLED, READ = "through our old route", "through FastAPI, spooled", "through FastAPI, read into memory"

MIB = 1024 * 1024
MAX_GROWTH_MIB, MAX_FORM_GROWTH_MIB = 5, 64
MAX_CPU_RATIO, MAX_RATIO, MAX_PACED_S = 1 / 500, 1 / 5, 2


@dataclass(frozen=True, slots=True)
class Observation:
    """Measurements of uploads of one method and size.

    `api_s` is the time per upload during which a request to the API is open; `usage` is the API's resource use for all.
    """

    uploads: int
    at_once: int
    size_bytes: int
    seconds: float
    api_s: float
    usage: Usage

    @property
    def grown_mib(self) -> float:
        """The peak growth of the API's memory."""
        return self.usage.grown_bytes / MIB

    @property
    def grown_mib_each(self) -> float:
        """The peak growth divided by the number of concurrent uploads."""
        return self.grown_mib / self.at_once

    @property
    def cpu_s(self) -> float:
        """The API's CPU time for one upload."""
        return self.usage.cpu_s / self.uploads

    @property
    def what(self) -> str:
        """The number and size of the uploads."""
        return f"{self.uploads} uploads of {self.size_bytes / MIB:,.0f} MiB"


@dataclass(frozen=True, slots=True)
class Observations:
    """All measurements: large uploads (direct, spooled, as a form), rounds of small ones, and rate-limited ones."""

    straight: dict[str, Observation]
    spooled: Observation
    forms: list[Observation]
    rounds: list[dict[str, Observation]]
    paced: dict[str, Observation]


def figures(observed: Observations) -> list[Figure]:
    """F4 from the large uploads, F5 from the small ones."""
    return [*_of_large(observed), *_of_small(observed), *_of_paced(observed)]


def _of_large(observed: Observations) -> list[Figure]:
    found: list[Figure] = []
    for name, straight in observed.straight.items():
        found += [
            _growth(f"API memory, {name}", straight, MAX_GROWTH_MIB),
            _writes(f"API disk writes, {name}", straight),
            _cpu(name, straight, observed.spooled),
        ]
    for form in observed.forms:
        found += [
            _growth(f"API memory, {OUR_FORM}", form, MAX_FORM_GROWTH_MIB),
            _writes(f"API disk writes, {OUR_FORM}", form),
        ]
    return found


def _growth(what: str, seen: Observation, limit_mib: float) -> Figure:
    measured = f"{seen.what} in {seen.seconds:.0f} s"
    return figure("F4", what, [seen.grown_mib], measured=measured, at_most=limit_mib, unit="MiB")


def _writes(what: str, seen: Observation) -> Figure:
    return figure("F4", what, [seen.usage.written_bytes / MIB], measured=seen.what, at_most=0, unit="MiB")


def _cpu(name: str, straight: Observation, spooled: Observation) -> Figure:
    return figure(
        "F4",
        f"API CPU of an upload, {name}, against spooled",
        [straight.cpu_s / spooled.cpu_s],
        measured=f"{straight.cpu_s * 1000:.1f} ms against {spooled.cpu_s:.2f} s, {spooled.what}",
        at_most=MAX_CPU_RATIO,
    )


def _of_small(observed: Observations) -> list[Figure]:
    return [
        _against(observed.rounds, ours, theirs, quantity)
        for quantity in (_API_TIME, _API_MEMORY)
        for theirs in (READ, OUR_FORM)
        for ours in (ONE_PUT, IN_PARTS)
    ]


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A quantity to compare, and how it is formatted."""

    name: str
    of: Callable[[Observation], float]
    text: Callable[[float], str]


_API_TIME = _Quantity("API time", lambda seen: seen.api_s, lambda value: f"{value * 1000:,.0f} ms")
_API_MEMORY = _Quantity("API memory", lambda seen: seen.grown_mib_each, lambda value: f"{value:,.1f} MiB")


def _against(rounds: list[dict[str, Observation]], ours: str, theirs: str, quantity: _Quantity) -> Figure:
    pairs = [(quantity.of(each[ours]), quantity.of(each[theirs])) for each in rounds]
    our_median, their_median = (median(side) for side in zip(*pairs, strict=True))
    return figure(
        "F5",
        f"{quantity.name} of an upload, {ours}, against {theirs}",
        [our / their for our, their in pairs],
        measured=f"{quantity.text(our_median)} against {quantity.text(their_median)}",
        at_most=MAX_RATIO,
    )


def _of_paced(observed: Observations) -> list[Figure]:
    proxied, straight = observed.paced[READ], observed.paced[ONE_PUT]
    pace = straight.size_bytes / straight.seconds
    return [
        figure(
            "F5",
            f"API time of an upload at {pace / 1e6:.0f} MB/s, {name}",
            [observed.paced[name].api_s],
            measured=f"{observed.paced[name].api_s * 1000:,.0f} ms against {proxied.api_s:.1f} s {READ}",
            at_most=MAX_PACED_S,
            unit="s",
        )
        for name in (ONE_PUT, IN_PARTS)
    ]
