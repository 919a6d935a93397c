"""The local bucket over HTTP."""
