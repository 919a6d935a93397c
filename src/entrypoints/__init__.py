"""Where requests, messages and command lines come in, and where adapters are picked."""
