"""Routes and schemas of transcripts and captions."""
