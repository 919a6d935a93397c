"""Transcription on this machine's CPU with faster-whisper (the extra `telecine[local]`)."""
