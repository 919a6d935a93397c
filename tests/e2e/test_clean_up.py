"""A short run of the clean-up scenario: it removes what no video needs, and nothing else."""

from pathlib import Path

from tests.torture.clean_up import Size, clean_up_everything
from tests.torture.clips import make_clips
from tests.torture.deployment import embedded
from tests.torture.victim import Victim

SIZE = Size(abandoned=54, asking=6, young=6, orphans=5, old_keys=20, orphan_age_s=86_400)


def test_abandoned_uploads_and_orphans_go_and_live_uploads_stay(tmp_path: Path) -> None:
    """After a dry run, the server and two operators clean up at once."""
    with embedded(tmp_path, settings=SIZE.settings()) as deployment:
        victim = Victim(deployment, make_clips(tmp_path))
        try:
            findings = clean_up_everything(victim, SIZE)
        finally:
            victim.close()
    assert findings.violations == []
    figures = findings.figures
    assert (figures["expired"], figures["completed"]) == (SIZE.abandoned, SIZE.asking + SIZE.young)
