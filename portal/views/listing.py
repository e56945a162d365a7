"""Lists of every floor: the order and the page that the address asks for."""

from collections.abc import Mapping, Sequence

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 50


def listed(
    request: HttpRequest,
    rows: QuerySet,
    *,
    sorts: Mapping[str, Sequence[str]],
    default: str,
    per_page: int = PER_PAGE,
) -> Page:
    """`sorts` names the orders that may be asked for (`?sort=name`, `?sort=-name`) and their fields.

    The key comes last in every order, so that no row is shown twice or left out between two pages.
    """
    asked = request.GET.get("sort") or default
    name, falling = asked.removeprefix("-"), asked.startswith("-")
    if name not in sorts:
        name, falling = default.removeprefix("-"), default.startswith("-")
    fields = [turned(field) if falling else field for field in sorts[name]]
    return Paginator(rows.order_by(*fields, "pk"), per_page).get_page(request.GET.get("page"))


def turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"
