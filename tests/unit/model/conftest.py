"""How Hypothesis searches: bounded, without deadlines, and the same way on every machine."""

from hypothesis import settings

settings.register_profile("telecine", max_examples=150, deadline=None, derandomize=True)
settings.load_profile("telecine")
