"""Which small numbers are not shown, so that a table of counts does not point at single people?"""

from collections.abc import Sequence

FEWEST_SHOWN = 5


def hidden_cells(values: Sequence[int]) -> set[int]:
    """Positions of the counts shown as “fewer than 5”; and of one more, lest the total betray it."""
    hidden = {place for place, value in enumerate(values) if 0 < value < FEWEST_SHOWN}
    if len(hidden) == 1:
        others = [(value, place) for place, value in enumerate(values) if value >= FEWEST_SHOWN]
        hidden |= {place for _value, place in sorted(others)[:1]}
    return hidden


def rate_is_shown(owed: int) -> bool:
    """A rate of few meetings is the rate of one person."""
    return owed >= FEWEST_SHOWN
