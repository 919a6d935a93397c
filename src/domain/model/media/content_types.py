"""Content types of derived objects."""

IMAGE_CONTENT_TYPE = "image/jpeg"
