"""Routes and schemas of uploads."""
