"""The roles that a process plays."""

from enum import StrEnum


class Role(StrEnum):
    """What a process, or one event loop of it, does: serve the API, run jobs, or run one command and end."""

    API = "api"
    WORKER = "worker"
    TOOL = "tool"
