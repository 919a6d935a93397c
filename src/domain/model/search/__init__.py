"""Search in transcripts: folding, terms, queries, matches and their order."""
