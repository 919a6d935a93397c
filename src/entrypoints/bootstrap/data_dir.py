"""Creates the data folder."""

from pathlib import Path


def make_private(folder: Path) -> None:
    """Create the folder, readable only by the service's own user, because it holds uploads and transcripts."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
