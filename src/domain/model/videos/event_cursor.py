"""The place in a stream after which a client wants to continue."""

MAX_DIGITS = 18


def event_cursor(last_event_id: str) -> int | None:
    """The number of the last event that the client received; None if the text is not a number from 0."""
    is_number = last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) <= MAX_DIGITS
    return int(last_event_id) if is_number else None
