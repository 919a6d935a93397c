"""Videos: the aggregate, its lifecycle, and lists of videos."""
