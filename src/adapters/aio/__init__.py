"""Technical helpers for asyncio that adapters share."""
