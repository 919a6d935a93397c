"""A folder that plays the bucket: signed URLs, whole-or-nothing writes, ranges served by the app."""
