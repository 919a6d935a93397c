"""Uploads: from the first presigned URL to a verified object."""
