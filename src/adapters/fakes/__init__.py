"""One verified double per port, with real behaviour and no outside."""
