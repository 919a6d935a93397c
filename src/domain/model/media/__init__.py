"""Media: what a file contains, what is accepted, and what its rendition must be."""
