"""Adapters of the event bus: in the memory of one process, over Redis, and over Postgres."""
