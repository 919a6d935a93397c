"""The HTTP client that the command line uses to call the API."""
