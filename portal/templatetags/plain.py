"""Days, moments and numbers as they are written on a screen, in both languages alike."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

ONE_DAY = timedelta(days=1)
NOT_APPLICABLE = "–"


def day(value: date | datetime | None) -> str:
    """dd/mm/yyyy; empty for a day that is not known."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return f"{value:%d/%m}/{value.year:04d}"


def last_day(until: date | None) -> str:
    """The last day of a stretch whose first day after is `until`; empty while the stretch is open."""
    return day(until - ONE_DAY) if until else ""


def moment(value: datetime | None) -> str:
    if not value:
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(local)}, {local:%H:%M}"


def number(value: int | Decimal | float | None) -> str:
    """Whole numbers with the thousands parted; a dash where there is nothing to count."""
    if value is None or value == "":
        return NOT_APPLICABLE
    return number_format(value, use_l10n=True, force_grouping=True)


def decimal(value: int | Decimal | float | None, places: int = 1) -> str:
    if value is None or value == "":
        return NOT_APPLICABLE
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return number_format(rounded, decimal_pos=places, use_l10n=True, force_grouping=True)


def points(value: int | Decimal | None) -> str:
    """With up to two places, cut and never rounded up: 89,996 points are not 90. So on every page, paper and draft."""
    if value is None or value == "":
        return NOT_APPLICABLE
    kept = Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
    places = max(0, -int(kept.normalize().as_tuple().exponent))
    return number_format(kept, decimal_pos=places, use_l10n=True, force_grouping=True)


def cut(value: int | Decimal | None, places: int = 1) -> str:
    """As `decimal`, but cut: a share beside a threshold, such as 89,96%, is not 90,0%."""
    if value is None or value == "":
        return NOT_APPLICABLE
    kept = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)
    return number_format(kept, decimal_pos=places, use_l10n=True, force_grouping=True)


def percent(part: int | Decimal | None, whole: int | Decimal | None, places: int = 1) -> str:
    """A share in per cent, half up; a dash where the whole is nothing. Its base stands beside it."""
    if part is None or not whole:
        return NOT_APPLICABLE
    return f"{decimal(Decimal(part) * 100 / Decimal(whole), places)}%"


def share(part: int, whole: int) -> str:
    """The rate with its base: “1.755 trên 1.942, 90,4%”."""
    text = _("%(part)s of %(whole)s") % {"part": number(part), "whole": number(whole)}
    return f"{text}, {percent(part, whole)}" if whole else text
