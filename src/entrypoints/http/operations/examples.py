"""Example responses of the health checks in the OpenAPI document."""

from entrypoints.http.operations.schemas import LiveAnswer, ReadyAnswer

LIVE = LiveAnswer()
READY = ReadyAnswer("ok", {"database": "ok", "object_store": "ok"})
UNREADY = ReadyAnswer("unavailable", {"database": "database_unavailable", "object_store": "ok"})
