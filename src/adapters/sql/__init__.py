"""The database, through SQLAlchemy."""
