"""The uploader of `telecine upload`: parts in parallel, resumable."""
