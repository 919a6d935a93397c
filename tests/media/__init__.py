"""Small media files, made on the fly."""
