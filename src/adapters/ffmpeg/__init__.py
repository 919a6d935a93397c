"""Media work by ffmpeg and ffprobe, run as untrusted programs."""
