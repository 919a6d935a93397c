"""One port, one technology each; vendors' names stop here."""
