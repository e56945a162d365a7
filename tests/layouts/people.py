"""Who stands in the layouts, and how their households lie: the common rules of all of them."""

from collections.abc import Iterator

FAMILIES = "Nguyễn Trần Lê Phạm Huỳnh Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()
GIVEN = (
    "An Ánh Bình Chi Dũng Đạt Đức Giang Hà Hạnh Hòa Huy Khoa Lan Long Mai Minh Nga Ngọc Phúc Quý Sơn Thảo Thủy Tuấn "
    "Uyên Vân Ý Yến"
).split()
HAMLETS, GROUPS_IN_A_HAMLET = 10, 13
HOUSEHOLDS = 3552


def name(n: int) -> str:
    return f"{FAMILIES[n % len(FAMILIES)]} Mẫu {GIVEN[n % len(GIVEN)]}"


def phone(n: int) -> str:
    return f"0100{n:06}"


def identity(n: int) -> str:
    return f"000000{n:06}"


def households_in(group: int) -> int:
    """Of the running number of a group, 1 to 130."""
    return 28 if group <= 42 else 27


def groups_of(hamlet: int) -> Iterator[tuple[int, int]]:
    """The number of each group in its hamlet, and its running number."""
    for number in range(1, GROUPS_IN_A_HAMLET + 1):
        yield number, (hamlet - 1) * GROUPS_IN_A_HAMLET + number


assert sum(households_in(group) for group in range(1, 131)) == HOUSEHOLDS
