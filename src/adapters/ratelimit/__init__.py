"""Rate limits, counted with the library `limits`."""
