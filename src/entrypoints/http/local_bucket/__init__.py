"""The bucket of the embedded folder store, served over HTTP."""
