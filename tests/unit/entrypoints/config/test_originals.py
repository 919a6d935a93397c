"""Settings of originals."""

import pytest

from domain.model.uploads.original_policy import OriginalChoice, OriginalPolicy
from entrypoints.config.loading import load_settings
from entrypoints.config.originals import OriginalSettings
from entrypoints.config.values import SettingsError


def test_originals_are_deleted_by_default() -> None:
    """Once their rendition is proven."""
    assert OriginalSettings().choice == OriginalChoice(OriginalPolicy.DELETE)


def test_originals_may_be_kept_for_some_days() -> None:
    """Both settings come from the environment."""
    settings = load_settings({"TELECINE_ORIGINAL": "keep", "TELECINE_ORIGINAL_KEEP_DAYS": "90"})
    assert settings.originals.choice == OriginalChoice(OriginalPolicy.KEEP, 90)


@pytest.mark.parametrize("wrong", [{"TELECINE_ORIGINAL": "burn"}, {"TELECINE_ORIGINAL_KEEP_DAYS": "0"}])
def test_a_wrong_value_is_reported(wrong: dict[str, str]) -> None:
    """Before anything starts."""
    with pytest.raises(SettingsError) as refused:
        load_settings(wrong)
    assert [problem.partition(":")[0] for problem in refused.value.problems] == list(wrong)
