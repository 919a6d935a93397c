"""R2, or any other S3-compatible bucket, through one shared client; signing needs no client."""
