"""Use cases of live events: streams of events, and the tickets that open them."""
