"""Routes and schemas of imports."""
