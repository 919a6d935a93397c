"""One module for each command of `telecine`."""
