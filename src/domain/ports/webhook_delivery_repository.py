"""Storage of deliveries, and of how far the event log has been turned into deliveries."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from domain.model.ids import DeliveryId, WebhookId
from domain.model.videos.pagination import Cursor
from domain.model.webhooks.delivery import Attempted, Delivery, DeliveryError, DeliveryStatus


class WebhookDeliveryRepository(Protocol):
    """Deliveries; the times at which they are due come from the database's clock."""

    @abstractmethod
    async def lock_position(self) -> int | None:
        """The position up to which the log has been turned into deliveries, locked until this transaction ends.

        None if another transaction has locked it. Call it in a writing unit of work only.
        """

    @abstractmethod
    async def position(self) -> int:
        """The position up to which the log has been turned into deliveries."""

    @abstractmethod
    async def save_position(self, position: int) -> None:
        """Store the position up to which the log has been turned into deliveries."""

    @abstractmethod
    async def add(self, *deliveries: Delivery) -> None:
        """Store new deliveries, due at once; one for an endpoint and a position that exists already is skipped."""

    @abstractmethod
    async def get(self, endpoint_id: WebhookId, delivery_id: DeliveryId) -> Delivery:
        """The endpoint's delivery with this id.

        Raises:
            DeliveryNotFound: there is none.
        """

    @abstractmethod
    async def page(
        self,
        endpoint_id: WebhookId,
        *,
        limit: int,
        after: Cursor | None = None,
        status: DeliveryStatus | None = None,
    ) -> list[Delivery]:
        """Up to `limit` deliveries of the endpoint, newest first, after the cursor's position."""

    @abstractmethod
    async def due(self, endpoint_id: WebhookId, *, limit: int) -> list[Delivery]:
        """Up to `limit` pending deliveries of the endpoint that are due, those that are due longest first."""

    @abstractmethod
    async def next_due_s(self, endpoint_id: WebhookId) -> float | None:
        """Seconds until the next pending delivery of the endpoint is due, 0 if one is; None if none is pending."""

    @abstractmethod
    async def record(self, *attempted: Attempted) -> None:
        """Store the results of attempts; a delivery that was deleted or redelivered since is skipped."""

    @abstractmethod
    async def fail_pending(self, endpoint_id: WebhookId, error: DeliveryError) -> int:
        """Fail every pending delivery of the endpoint without an attempt, and return their number."""

    @abstractmethod
    async def redeliver(self, endpoint_id: WebhookId, delivery_id: DeliveryId) -> None:
        """Make the delivery pending and due at once, with its attempts reset.

        Raises:
            DeliveryNotFound: there is none.
        """

    @abstractmethod
    async def redeliver_failed(self, endpoint_id: WebhookId, since: datetime) -> int:
        """Make every delivery whose last attempt failed and that was created at this time or later due at once.

        Those that wait for their next attempt count as well. Returns their number.
        """

    @abstractmethod
    async def count_before(self, moment: datetime) -> int:
        """The number of deliveries that `delete_before` would delete without a limit."""

    @abstractmethod
    async def delete_before(self, moment: datetime, *, limit: int) -> int:
        """Delete up to `limit` deliveries that were created before the moment and are not pending; return how many."""
