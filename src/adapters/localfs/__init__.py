"""A local folder in place of a bucket: presigned URLs, atomic writes, and ranges, all served by the API."""
