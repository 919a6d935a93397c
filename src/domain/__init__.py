"""The core: what a video is, what we need from outside, and in which order things happen."""
