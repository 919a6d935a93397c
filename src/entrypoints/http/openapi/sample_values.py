"""Values that several examples of the OpenAPI document share."""

from datetime import UTC, datetime

_ID = "0b7c2f5e-6c0f-4a52-9d5f-2f6a8f6f1c11"
_KEY = f"videos/ada/{_ID}.mp4"
_STATUS_URL = f"/api/videos/{_ID}/status"
_URL = f"https://bucket.example/{_KEY}"
_CREATED_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
