"""Content types of derived objects."""

PICTURE_CONTENT_TYPE = "image/jpeg"
