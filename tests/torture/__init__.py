"""Torture runs: kill Telecine's processes, inject faults, and check the invariants from outside after each."""
