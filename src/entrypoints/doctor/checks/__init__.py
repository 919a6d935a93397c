"""One module for each thing that `telecine doctor` checks."""
