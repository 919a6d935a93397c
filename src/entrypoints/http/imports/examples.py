"""Example responses of imports in the OpenAPI document."""

from entrypoints.http.imports.schemas import YouTubeImportResponse
from entrypoints.http.openapi.sample_values import _ID, _STATUS_URL

IMPORTED = YouTubeImportResponse(_ID, "dQw4w9WgXcQ", _STATUS_URL)
