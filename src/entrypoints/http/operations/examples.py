"""Example responses of the health checks in the OpenAPI document."""

from entrypoints.http.operations.schemas import LiveResponse, ReadyResponse

LIVE = LiveResponse()
READY = ReadyResponse("ok", {"database": "ok", "object_store": "ok"})
UNREADY = ReadyResponse("unavailable", {"database": "database_unavailable", "object_store": "ok"})
