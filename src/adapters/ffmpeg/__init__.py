"""Media processing with ffmpeg and ffprobe, which run as untrusted programs."""
