"""Example responses about the caller in the OpenAPI document."""

from datetime import UTC, datetime

from domain.model.access.principal import Scope
from entrypoints.http.access.schemas import MeResponse

ME = MeResponse("ada", [Scope.READ, Scope.WRITE], datetime(2026, 2, 1, 3, 4, 5, tzinfo=UTC))
