"""Routes and schemas of videos."""
