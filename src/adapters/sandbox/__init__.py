"""Running untrusted programs: processes with limits, in a sandbox."""
