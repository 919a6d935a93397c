"""Programs that we run and do not trust: bounded, enclosed, and ended with all they started."""
