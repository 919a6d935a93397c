"""Media: compressing a source and publishing its rendition."""
