"""Rate limits, counted by the library `limits`."""
