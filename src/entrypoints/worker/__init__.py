"""The worker: Dramatiq actors that run the use cases."""
