"""Servers that tests, benchmarks and the long proofs start for themselves."""
