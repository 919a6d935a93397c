"""Servers that the tests, the benchmarks and the torture runs start for themselves."""
