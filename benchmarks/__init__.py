"""What docs/performance.md quotes, for anyone to run: `just bench`."""
