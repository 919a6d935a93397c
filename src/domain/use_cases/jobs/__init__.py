"""Jobs: dispatching, running and sweeping background work."""
