"""The frame that an office puts around a paper: whose it is, its number and day, who signs, who gets it.

What can be known is proposed (from the party organisations and places of the day); what only the office knows is left
open in square brackets, as in every paper it goes on working at.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.dates import in_figures, on_paper
from portal.documents.docx import docx
from portal.documents.pdf import pdf
from portal.exports.tables import demo_mark
from portal.levels import CELLS, OrgKind, PlaceKind
from portal.models import PartyOrgSpan, PlaceSpan
from portal.orgs import seated_at
from portal.orgs import span as org_span
from portal.places import span as place_span
from reports.documents.written import DOTS, OPEN_DAY, Written, annex, parts
from reports.paper_kinds import Layout

COMMITTEES = {OrgKind.PROVINCIAL: ("Tỉnh ủy", "TU"), OrgKind.DISTRICT: ("Huyện ủy", "HU")}
STAR_HEAD = ["ĐẢNG CỘNG SẢN VIỆT NAM", ""]
MOTTO = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]


def proposed(layout: str, place_id: int, on: date, symbol: str) -> dict[str, str]:
    """For the form: everything may be changed there."""
    where = place_span(place_id, on)
    if layout == Layout.STATE:
        return _of_state(where, on, symbol)
    org = seated_at([place_id], on).exclude(kind__in=CELLS).first() or seated_at([place_id], on).first()
    body = committee(org) if org else "[Tên cấp ủy]"
    above = org_span(org.parent_id, on) if org and org.parent_id else None
    is_cell = bool(org and org.kind in CELLS)
    short = "CB" if is_cell else COMMITTEES.get(org.kind, ("", "ĐU"))[1] if org else "ĐU"
    who = "Chi bộ" if is_cell else COMMITTEES.get(org.kind, ("Đảng ủy", ""))[0] if org else "Đảng ủy"
    return {
        "superior": committee(above).upper() if above else "",
        "issuer": body.upper(),
        "symbol": f"{symbol}/{short}",
        "seat": where.name if where else "",
        "signed_for": f"T/M {who.upper()}",
        "post": "BÍ THƯ",
        "recipients": f"{committee(above)}," if above else "",
        "kept_by": f"Lưu {who}.",
    }


def letter_frame(layout: str) -> dict[str, str]:
    """What is proposed for a letter beside it. One of the State has the unit that drew it up in place of its kind."""
    if layout == Layout.STATE:
        return {"symbol": "UBND-VP", "recipients": "Như trên;"}
    return {"recipients": "Như trên,"}


def _of_state(where: PlaceSpan | None, on: date, symbol: str) -> dict[str, str]:
    above = place_span(where.parent_id, on) if where and where.parent_id else None
    name = "Ủy ban nhân dân"
    return {
        "superior": f"{name} {_lower(above)}".upper() if above else "",
        "issuer": f"{name} {_lower(where)}".upper() if where else "[TÊN CƠ QUAN BAN HÀNH]",
        "symbol": f"{symbol}/UBND",
        "seat": where.name if where else "",
        "signed_for": f"TM. {name}".upper(),
        "post": "CHỦ TỊCH",
        "recipients": f"{name} {_lower(above)};" if above else "",
        "kept_by": "Lưu: VT.",
    }


def _lower(where: PlaceSpan | None) -> str:
    if where is None:
        return ""
    kind = str(PlaceKind(where.kind).label)
    return where.full_name.replace(kind, kind.lower(), 1)


def committee(org: PartyOrgSpan) -> str:
    """The body of an organisation: `Đảng bộ xã Hương Mỹ` acts by its `Đảng ủy xã Hương Mỹ`."""
    for kind, (name, _short) in COMMITTEES.items():
        if org.kind == kind:
            return f"{name} {_after(org.name, ('Đảng bộ tỉnh', 'Đảng bộ huyện', 'Đảng bộ'))}"
    return org.name.replace("Đảng bộ", "Đảng ủy", 1)


def _after(name: str, beginnings: tuple[str, ...]) -> str:
    found = next((one for one in beginnings if name.startswith(one)), "")
    return name[len(found) :].strip()


def values(
    written: Written, typed: Mapping[str, Any], *, layout: str, draft: bool, footer: str
) -> dict[str, Any]:
    """What a layout gets; docs/papers.md lists it. `typed` is the cleaned form."""
    is_party = layout == Layout.PARTY
    day: date = typed["issued_on"]
    boxes = {name: value for name, value in typed.items() if isinstance(value, str)}
    told = parts(written, boxes)
    if asked_by := typed.get("asked_by"):
        told = [_dated(part, in_figures(asked_by)) for part in told]
    _end(told, "." if is_party else "./.")
    return {
        "date": day.isoformat(),
        "demo": demo_mark() if settings.DEMO else "",
        "draft": pgettext("paper", "DRAFT") if draft else "",
        "wide": written.wide,
        "footer": footer,
        "superior": _lines(typed["superior"]),
        "issuer": _lines(typed["issuer"]),
        "number_line": number_line(layout, typed["number"], typed["symbol"]),
        "motto": STAR_HEAD if is_party else MOTTO,
        "place_date": _("%(place)s, %(day)s") % {"place": typed["seat"] or "[Địa danh]", "day": on_paper(day)},
        "type": written.type,
        "abstract": written.abstract,
        "basis": written.basis,
        "addressed": written.addressed,
        "has_seal": bool(typed["signed_for"]) and not typed["signed_for"].upper().startswith("T/M CHI BỘ"),
        "parts": told,
        "annex": annex(written),
        "recipients_head": "Nơi nhận:",
        "recipients": [*_lines(typed["recipients"]), *_lines(typed["kept_by"])],
        "signature": {"body": _lines(typed["signed_for"]), "post": typed["post"], "name": typed["signer"]},
    }  # fmt: skip


def number_of(layout: str, number: str, symbol: str) -> str:
    return f"{number}{'-' if layout == Layout.PARTY else '/'}{_joined(layout, symbol)}"


def _joined(layout: str, symbol: str) -> str:
    """BC/ĐU for the Party, BC-UBND for the State."""
    return symbol if layout == Layout.PARTY else symbol.replace("/", "-", 1)


def number_line(layout: str, number: str, symbol: str) -> str:
    """The Party writes no colon after the word. What is kept for oneself has no symbol, and so no number."""
    if not symbol:
        return ""
    if layout == Layout.PARTY:
        return f"Số {number_of(layout, number or '…', symbol)}"
    return f"Số: {number_of(layout, number or '…', symbol)}"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _dated(part: dict[str, Any], day: str) -> dict[str, Any]:
    return {**part, "text": part["text"].replace(OPEN_DAY, day)} if part["kind"] == "text" else part


def _end(told: list[dict[str, Any]], sign: str) -> None:
    """The last paragraph ends with the sign of the layout; a table ends without, and so do dots to be filled in."""
    if told and told[-1]["kind"] == "text" and not told[-1]["text"].endswith(DOTS):
        told[-1]["text"] = told[-1]["text"].rstrip(" ./") + sign


def as_pdf(given: Mapping[str, Any], layout: str) -> bytes:
    return pdf(f"{_template(given, layout)}.typ", given)


def as_docx(given: Mapping[str, Any], layout: str) -> bytes:
    return docx(f"{_template(given, layout)}.docx", given)


def _template(given: Mapping[str, Any], layout: str) -> str:
    return f"{layout}-letter" if given["addressed"] else layout
