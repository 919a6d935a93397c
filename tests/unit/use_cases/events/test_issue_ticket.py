from datetime import timedelta

import pytest

from domain.model.access.principal import Principal, Scope
from domain.model.errors import Unauthenticated
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


async def test_a_ticket_has_the_user_and_the_end_of_its_token(world: World) -> None:
    """Redeemed, it may only read."""
    events, ends_at = world.application.events, world.clock.now() + timedelta(hours=1)
    issued = await events.issue_ticket(Principal(ADA, frozenset(Scope), ends_at))
    principal = await events.redeem_ticket(issued.secret)
    assert (principal.user_id, principal.scopes, principal.expires_at) == (ADA, {Scope.READ}, ends_at)


async def test_a_ticket_of_a_token_that_may_only_upload_has_that_scope(world: World) -> None:
    """Its beginning says so, and cannot be exchanged for another one."""
    events = world.application.events
    issued = await events.issue_ticket(Principal(ADA, frozenset({Scope.UPLOAD, Scope.ADMIN})))
    assert issued.secret.startswith("tku_")
    with pytest.raises(Unauthenticated):
        await events.redeem_ticket(f"tkt_{issued.secret.removeprefix('tku_')}")
    assert (await events.redeem_ticket(issued.secret)).scopes == {Scope.UPLOAD}


async def test_only_its_digest_is_stored(world: World) -> None:
    """A copy of the database opens no stream; expired tickets do not accumulate."""
    events = world.application.events
    for _ in range(3):
        issued = await events.issue_ticket(Principal(ADA, frozenset(Scope)))
        (stored,) = world.database._committed.tickets.values()
        assert issued.secret.startswith("tkt_")
        assert issued.secret not in repr(stored)
        with pytest.raises(Unauthenticated):
            await events.redeem_ticket(stored.digest)
        world.clock.advance(issued.expires_in_s + 1)
