"""Pages of webhooks."""

from domain.model.webhooks.listing import listing_of
from tests.support.builders import NOW
from tests.support.webhooks import a_delivery


def test_an_extra_row_shows_that_there_is_a_next_page() -> None:
    """The cursor names the last row of the page."""
    rows = [a_delivery(number) for number in (3, 2, 1)]
    page = listing_of(rows, 2)
    assert page.entries == tuple(rows[:2])
    assert page.next_cursor is not None
    assert (page.next_cursor.created_at, page.next_cursor.video_id) == (NOW, rows[1].id)
    assert listing_of(rows, 3).next_cursor is None
    assert listing_of(rows[:0], 3).entries == ()
