"""Asyncio utilities that several adapters share; none of them communicates with an external system."""
