"""Fetching videos from YouTube by yt-dlp."""
