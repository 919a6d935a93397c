import pytest

from domain.model.access.principal import Principal, Scope
from domain.model.errors import Unauthenticated
from tests.support.world import ADA, World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("secret", ["", "tkt_", "tkt_\ud800", "tkt_\x00", "tkt_" + "0" * 100, "'; DROP TABLE tickets"])
async def test_another_text_is_no_ticket(world: World, secret: str) -> None:
    """Whatever it contains."""
    with pytest.raises(Unauthenticated) as failure:
        await world.application.events.redeem_ticket(secret)
    assert failure.value.code == "invalid_ticket"


@pytest.mark.parametrize(("age_s", "is_valid"), [(59.9, True), (60, False)])
async def test_a_ticket_is_valid_for_its_lifetime(world: World, age_s: float, *, is_valid: bool) -> None:
    """And once."""
    events = world.application.events
    issued = await events.issue_ticket(Principal(ADA, frozenset(Scope)))
    world.clock.advance(age_s)
    for may_pass in (is_valid, False):
        if may_pass:
            assert (await events.redeem_ticket(issued.secret)).user_id == ADA
        else:
            with pytest.raises(Unauthenticated):
                await events.redeem_ticket(issued.secret)
