import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.uploads.multipart import MAX_OBJECT_BYTES, MIB, GrowingPlan, PartPlan, part_plan


@given(size_bytes=st.integers(1, MAX_OBJECT_BYTES))
def test_any_file_fits_into_9000_equal_parts(size_bytes: int) -> None:
    """R2 requires equal parts, except for the last one, and bills each of them."""
    plan = part_plan(size_bytes)
    assert 1 <= plan.count <= 9000
    assert plan.part_bytes >= 16 * MIB
    assert plan.part_bytes % MIB == 0
    assert plan.start_of(plan.count) + plan.size_of(plan.count) == size_bytes
    assert 0 < plan.size_of(plan.count) <= plan.part_bytes


@pytest.mark.parametrize(("size_bytes", "part_mib"), [(1, 16), (9000 * 16 * MIB, 16), (9000 * 16 * MIB + 1, 17)])
def test_parts_grow_only_when_they_must(size_bytes: int, part_mib: int) -> None:
    """An upload has one part size."""
    assert part_plan(size_bytes).part_bytes == part_mib * MIB


def test_parts_follow_each_other() -> None:
    """Each begins where the one before it ends."""
    plan = PartPlan(12 * MIB, 5 * MIB)
    assert [(number, plan.start_of(number), plan.size_of(number)) for number in plan.numbers] == [
        (1, 0, 5 * MIB),
        (2, 5 * MIB, 5 * MIB),
        (3, 10 * MIB, 2 * MIB),
    ]


@pytest.mark.parametrize(("size_bytes", "part_bytes"), [(0, 16 * MIB), (MAX_OBJECT_BYTES + 1, 16 * MIB), (1, MIB)])
def test_a_size_that_no_bucket_accepts_has_no_plan(size_bytes: int, part_bytes: int) -> None:
    """Empty files, more than 5 TiB, and parts below 5 MiB."""
    with pytest.raises(ValueError, match="must be from"):
        PartPlan(size_bytes, part_bytes)


@pytest.mark.parametrize("number", [0, 4])
def test_a_part_number_outside_the_plan_is_refused(number: int) -> None:
    """Parts are numbered from 1."""
    with pytest.raises(ValueError, match="1 to 3"):
        PartPlan(12 * MIB, 5 * MIB).size_of(number)


@given(st.integers(1, 60 * MIB), st.dictionaries(st.integers(-1, 14), st.integers(0, 6 * MIB)))
def test_an_upload_is_complete_without_missing_parts_and_misfits(size_bytes: int, sizes: dict[int, int]) -> None:
    """Without them, the bucket has exactly the parts of the plan, each with its size."""
    plan = PartPlan(size_bytes, 5 * MIB)
    whole = {number: plan.size_of(number) for number in plan.numbers}
    kept = {number: size for number, size in sizes.items() if number not in plan.wrong_sizes(sizes)}
    assert kept == {number: size for number, size in sizes.items() if whole.get(number) == size}
    assert kept | {number: whole[number] for number in plan.missing(kept)} == whole
    assert (plan.missing(whole), plan.wrong_sizes(whole)) == ([], [])
    assert plan.wrong_sizes(sizes) == sorted(sizes.keys() - kept.keys())


def test_missing_parts_come_in_order() -> None:
    """Parts of the wrong size are not missing; they are misfits."""
    plan = PartPlan(12 * MIB, 5 * MIB)
    assert (plan.missing({2: 1}), plan.wrong_sizes({2: 1, 3: 2 * MIB, 0: 5 * MIB, 4: 1})) == ([1, 3], [0, 2, 4])


@given(st.integers(1, 60 * MIB))
def test_every_whole_file_fits_a_growing_plan(size_bytes: int) -> None:
    """Its parts have no gap and no wrong size, and it has the size that was signed for its last part."""
    plan, growing = PartPlan(size_bytes, 5 * MIB), GrowingPlan(5 * MIB)
    sizes = {number: plan.size_of(number) for number in plan.numbers}
    assert (growing.missing(sizes), growing.wrong_sizes(sizes)) == ([], [])
    assert growing.size_through(plan.count, last_bytes=sizes[plan.count]) == size_bytes
    assert growing.size_through(plan.count) >= size_bytes


@given(st.dictionaries(st.integers(1, 14), st.integers(0, 6 * MIB)))
def test_parts_that_fit_a_growing_plan_are_a_whole_file(sizes: dict[int, int]) -> None:
    """What is neither missing nor wrong is what a plan with the sum of the sizes requires."""
    growing = GrowingPlan(5 * MIB)
    if growing.missing(sizes) or growing.wrong_sizes(sizes):
        return
    plan = PartPlan(sum(sizes.values()), 5 * MIB)
    assert (plan.missing(sizes), plan.wrong_sizes(sizes)) == ([], [])


def test_a_growing_plan_names_gaps_and_wrong_parts() -> None:
    """Only the last part may be smaller, and none may be empty or larger."""
    growing = GrowingPlan(5 * MIB)
    assert (growing.count, growing.size_of(10_000), growing.has(10_000), growing.has(10_001)) == (
        None,
        5 * MIB,
        True,
        False,
    )
    assert growing.missing({}) == [1]
    assert growing.missing({2: 1, 5: 1}) == [1, 3, 4]
    assert growing.wrong_sizes({1: 5 * MIB - 1, 2: 5 * MIB + 1, 3: 5 * MIB, 4: 1}) == [1, 2]
    assert [growing.wrong_sizes({1: size}) for size in (0, 5 * MIB + 1)] == [[1], [1]]
    with pytest.raises(ValueError, match="1 to 10000"):
        growing.size_of(0)
    with pytest.raises(ValueError, match="must be from"):
        GrowingPlan(MIB)
