"""Storage of webhook endpoints."""

from abc import abstractmethod
from collections.abc import Collection
from typing import Protocol

from domain.model.ids import UserId, WebhookId
from domain.model.videos.pagination import Cursor
from domain.model.webhooks.endpoint import WebhookEndpoint


class WebhookEndpointRepository(Protocol):
    """Webhook endpoints.

    A transaction that changes an endpoint or adds deliveries locks the endpoint's job first (`JobRepository.wake` or
    `lock`), so that changes do not overwrite each other.
    """

    @abstractmethod
    async def add(self, endpoint: WebhookEndpoint) -> None:
        """Store a new endpoint."""

    @abstractmethod
    async def get(self, endpoint_id: WebhookId) -> WebhookEndpoint:
        """The endpoint with this id.

        Raises:
            WebhookNotFound: there is none.
        """

    @abstractmethod
    async def save(self, endpoint: WebhookEndpoint) -> None:
        """Store a changed endpoint.

        Raises:
            WebhookNotFound: there is none with its id.
        """

    @abstractmethod
    async def delete(self, endpoint_id: WebhookId) -> None:
        """Delete the endpoint and its deliveries.

        Raises:
            WebhookNotFound: there is none.
        """

    @abstractmethod
    async def page(self, owner: UserId, *, limit: int, after: Cursor | None = None) -> list[WebhookEndpoint]:
        """Up to `limit` endpoints of the owner, newest first, after the cursor's position."""

    @abstractmethod
    async def count(self, owner: UserId) -> int:
        """How many endpoints the owner has."""

    @abstractmethod
    async def enabled_of(self, owners: Collection[UserId]) -> list[WebhookEndpoint]:
        """Every enabled endpoint of these owners, in no particular order."""

    @abstractmethod
    async def any_enabled(self) -> bool:
        """Whether any user has an enabled endpoint."""
