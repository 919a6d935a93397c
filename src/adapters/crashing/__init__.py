"""Adapters that kill this process at one exact point, for tests of the recovery."""
