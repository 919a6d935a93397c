"""Fetches videos from YouTube with yt-dlp."""
