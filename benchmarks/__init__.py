"""The benchmarks that docs/performance.md quotes; run them with `just bench`."""
