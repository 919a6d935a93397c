"""Adapters that end this process at one exact place, for tests of what is left then."""
