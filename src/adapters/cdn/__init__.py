"""A content delivery network in front of the bucket."""
