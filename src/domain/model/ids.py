"""Ids of videos, jobs, users, and webhooks with their deliveries."""

import re
from typing import NewType

from domain.model.errors import Unauthenticated

VideoId = NewType("VideoId", str)
JobId = NewType("JobId", str)
UserId = NewType("UserId", str)
WebhookId = NewType("WebhookId", str)
DeliveryId = NewType("DeliveryId", str)

MAX_USER_ID_LENGTH = 128

_PRINTABLE = re.compile(r"[\x21-\x7e]+")


def user_id(subject: str) -> UserId:
    """A token's subject as a user id: 1 to 128 printable ASCII characters without spaces.

    Raises:
        Unauthenticated: `invalid_subject`: it is anything else.
    """
    if len(subject) > MAX_USER_ID_LENGTH or not _PRINTABLE.fullmatch(subject):
        raise Unauthenticated(
            f"The token's subject must be 1 to {MAX_USER_ID_LENGTH} printable ASCII characters without spaces.",
            code="invalid_subject",
        )
    return UserId(subject)
