"""How does a value of the portal stand in a cell, and what does the cell mean when it comes back?

Widgets of django-import-export over the readers of `portal/sheets/cells.py`: the rosters' columns and the small
reference tables share them. A cell that cannot be understood raises CellError, which is a ValueError.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from import_export.widgets import Widget

from portal.dates import in_figures, last_day, until_from_last
from portal.sheets import cells
from portal.sheets.cells import CellError


class Typed(Widget):
    """What was typed, as one clean line; in a file it stays text, so that zeros in front and signs survive."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else str(value)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return cells.text(value, longest=1000)


class Day(Typed):
    """A true day in a workbook, dd/mm/yyyy in text."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value if kwargs.get("force_native_type") else in_figures(value)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        return cells.day(value)


class LastDay(Day):
    """The last day in the sheet; the first day after it in the row."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return super().render(last_day(value), **kwargs)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date | None:
        return until_from_last(super().clean(value))


class Whole(Typed):
    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value if kwargs.get("force_native_type") else super().render(value)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        return cells.whole_number(value)


class Share(Typed):
    """A number with decimals, behind a comma or a point."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value if kwargs.get("force_native_type") else super().render(value).replace(".", ",")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        typed = cells.shown(value).replace(",", ".")
        try:
            return Decimal(typed) if typed else None
        except InvalidOperation:
            message = _("“%(value)s” is not a number. Type for example 20 or 17,5.")
            raise CellError(message % {"value": typed}) from None


class Cross(Typed):
    """`x` for yes, nothing for no."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "x" if value else ""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        return cells.yes(value)


class Numbers(Typed):
    """A list as `1, 2, 3`, always text: Excel would make a day of 6-8 and a fraction of 1/2."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return super().render(", ".join(map(str, value)) if isinstance(value, list | tuple) else value)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[int]:
        return cells.whole_numbers(value)


class OneOf(Typed):
    """A value of a closed list by its label; `labels` is asked each time, as labels follow the language.

    The value itself is understood too, so that a sheet may come back in another language.
    """

    def __init__(self, labels: Callable[[], Mapping[str, Any]]) -> None:
        super().__init__()
        self.labels = labels

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        label = next((label for label, known in self.labels().items() if known == value), None)
        return super().render(value if label is None else label)

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        labels, typed = self.labels(), cells.shown(value)
        return next((known for known in labels.values() if known == typed), None) or cells.choice(
            value, labels
        )


TEXT, DAY, LAST_DAY, WHOLE, NUMBERS, CROSS, SHARE = (
    Typed(),
    Day(),
    LastDay(),
    Whole(),
    Numbers(),
    Cross(),
    Share(),
)
