"""R2, or any other S3, through one shared client; signing needs no client."""
