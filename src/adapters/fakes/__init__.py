"""One fake per port, with real behaviour and no external systems; the contract tests verify each."""
