"""Types that settings are made of, and the name of a setting's environment variable."""

from collections.abc import Callable
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta

PREFIX = "TELECINE_"

T = TypeVar("T")

Positive = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(gt=0, le=86_400)]
LongSeconds = Annotated[int, Meta(ge=1, le=366 * 86_400)]


class SettingsError(Exception):
    """The settings are invalid; `problems` has one line per problem."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Secret:
    """A text that is not shown by `repr`, `str` or a format string."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('***')"


class ConcernSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one concern.

    A field's encoded name (`rename`) is its environment variable, and its description is its documentation.
    """

    def problems(self) -> list[str]:
        """Return what a field's type cannot check: one line per problem, each beginning with the variable's name.

        A line never repeats a value that may hold a secret.
        """
        return []


def variable(name: str) -> str:
    """Return the environment variable of a setting; OpenAI's own variables have no prefix."""
    return name.upper() if name.startswith("openai_") else PREFIX + name.upper()


def prefixed(prefix: str) -> Callable[[str], str]:
    """Return a rename function for a Struct whose variables all begin with `TELECINE_` and this prefix."""
    return lambda name: variable(prefix + name)


def required(value: T | None, name: str) -> T:
    """Return the value of a setting that must be set.

    Raises:
        SettingsError: it is not set.
    """
    if value is None:
        raise SettingsError([f"{variable(name)}: required"])
    return value
