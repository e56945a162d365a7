"""The quality sheet: loaded with the rules, worded by the organiser, confirmed by the document."""

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from assignments.meeting_scores import SHEET_TOTAL
from assignments.models import MeetingScore, MeetingSheet, SheetGroup, SheetItem
from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.models import User
from portal.vietnamese import clean

SHEETS, ITEMS = "meeting_sheets.csv", "meeting_items.csv"


class Worded(NamedTuple):
    """What may be changed about a line."""

    text: str
    most: Decimal
    hint: str
    policy: str


@action
def load_meeting_sheets(*, folder: Path, by: User) -> int:
    """Only versions that are not known yet, so that what an office changed stays; a folder may be without sheets."""
    if not (folder / SHEETS).exists():
        return 0
    known = set(MeetingSheet.objects.values_list("version", flat=True))
    new = [row for row in _rows(folder / SHEETS) if row["version"] not in known]
    for row in new:
        sheet = MeetingSheet.objects.create(
            version=row["version"],
            name=row["name"],
            since=date.fromisoformat(row["since"]),
            until=date.fromisoformat(row["until"]) if row["until"] else None,
            source=row["source"],
        )
        _items(sheet, [line for line in _rows(folder / ITEMS) if line["version"] == row["version"]])
        audit.record("load_meeting_sheets", sheet, by=by, version=sheet.version)
    return len(new)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as broken:
        raise RuleBroken(_("%(file)s cannot be read.") % {"file": path.name}) from broken


def _items(sheet: MeetingSheet, rows: list[dict[str, str]]) -> None:
    groups: dict[str, SheetGroup] = {}
    items = []
    for row in rows:
        number = row["group"]
        if number not in groups:
            groups[number] = SheetGroup.objects.create(
                sheet=sheet, position=int(number), text=row["group_text"], most=Decimal(row["group_most"])
            )
        items.append(
            SheetItem(
                group=groups[number],
                position=int(row["position"]),
                text=row["text"],
                most=Decimal(row["most"]),
                measure=row["measure"],
                thematic_only=row["thematic_only"] == "1",
                not_applicable_policy=row["not_applicable_policy"],
                hint=row["hint"],
            )
        )
    SheetItem.objects.bulk_create(items)
    _hold_to_100(items)


def _hold_to_100(items: list[SheetItem]) -> None:
    total = sum((line.most for line in items), Decimal(0))
    if total != SHEET_TOTAL:
        raise RuleBroken(
            _("The items make %(total)s points. They have to make 100.") % {"total": f"{total:f}"}
        )


@action
def word_sheet(*, sheet: MeetingSheet, items: Mapping[int, Worded], by: User) -> MeetingSheet:
    """Words, scale and points of the items. Points of a sheet that has been used stay as they were used."""
    sheet = MeetingSheet.objects.select_for_update().get(pk=sheet.pk)
    rows = list(SheetItem.objects.filter(group__sheet=sheet).select_related("group"))
    is_used = MeetingScore.objects.filter(line__group__sheet=sheet).exists()
    changed = []
    for row in rows:
        told = items.get(row.pk)
        if told is None:
            continue
        after = Worded(clean(told.text), told.most, clean(told.hint), told.policy)
        if not after.text:
            raise RuleBroken(_("A line has no wording. Write it."))
        before = Worded(row.text, row.most, row.hint, row.not_applicable_policy)
        if before == after:
            continue
        if is_used and (before.most, before.policy) != (after.most, after.policy):
            raise RuleBroken(
                _(
                    "Meetings have been scored by this sheet; only its wording can be changed. Load a new version."
                )
            )
        row.text, row.most, row.hint, row.not_applicable_policy = after
        changed.append(row)
    _hold_to_100(rows)
    if changed:
        SheetItem.objects.bulk_update(changed, ["text", "most", "hint", "not_applicable_policy"])
        _sum_groups(rows)
        sheet.is_confirmed = False
        sheet.save(update_fields=["is_confirmed"])
        audit.record("word_meeting_sheet", sheet, by=by, version=sheet.version, items=len(changed))
    return sheet


def _sum_groups(rows: list[SheetItem]) -> None:
    groups = {row.group_id: row.group for row in rows}
    for key, group in groups.items():
        group.most = sum((row.most for row in rows if row.group_id == key), Decimal(0))
    SheetGroup.objects.bulk_update(groups.values(), ["most"])


@action
def confirm_sheet(*, sheet: MeetingSheet, document: str, by: User) -> MeetingSheet:
    """Somebody has held the wording against this document."""
    sheet = MeetingSheet.objects.select_for_update().get(pk=sheet.pk)
    document = clean(document)
    if not document:
        raise RuleBroken(_("Name the document with which the sheet agrees."))
    sheet.source, sheet.is_confirmed = document, True
    sheet.full_clean()
    sheet.save(update_fields=["source", "is_confirmed"])
    audit.record("confirm_meeting_sheet", sheet, by=by, version=sheet.version)
    return sheet
