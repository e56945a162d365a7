"""Columns whose meaning nobody can tell for certain: asked on one screen, and remembered for that office."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from portal.actions import staging
from portal.imports.kinds import SheetKind
from portal.imports.scope import office_of, scope_of
from portal.imports.stored import loaded, stored
from portal.models import ImportChunk, ImportRun
from portal.sheets import cells
from portal.sheets.headings import Column
from portal.vietnamese import fold_words

SAMPLES, SAMPLE_LENGTH = 4, 40


@dataclass
class Doubt:
    """One column of one sheet: where it stands, what its heading says, what it may be, and what stands in it."""

    sheet: int
    index: int
    sheet_name: str
    letter: str
    heading: str
    proposals: list[str]
    samples: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.sheet}-{self.index}"


def doubts_of(run: ImportRun) -> list[Doubt]:
    doubts = [
        Doubt(place, index, sheet["name"], letter, heading, list(proposals))
        for place, sheet in enumerate(run.sheets)
        for index, letter, heading, proposals in sheet["doubtful"]
    ]
    for doubt in doubts:
        doubt.samples = list(_samples(run, doubt))
    return doubts


def _samples(run: ImportRun, doubt: Doubt) -> Iterator[str]:
    chunk = run.chunks.filter(sheet=doubt.sheet_name).order_by("pk").first()
    seen: set[str] = set()
    for _number, row, _marks in chunk.rows if chunk else []:
        shown = cells.shown(loaded(row.get(f"?{doubt.index}")))[:SAMPLE_LENGTH]
        if shown and shown not in seen:
            seen.add(shown)
            yield shown
        if len(seen) == SAMPLES:
            return


def free_columns(run: ImportRun, kind: SheetKind, sheet: int) -> list[Column]:
    """The fields that no column of this sheet has yet."""
    taken = {
        field
        for chunk in run.chunks.filter(sheet=run.sheets[sheet]["name"]).only("letters")[:1]
        for field in chunk.letters
    }
    return [column for column in kind.columns if column.field not in taken]


def still_missing(kind: SheetKind, run: ImportRun, sheet: int, fields: Mapping[int, str]) -> list[str]:
    """Headings of the required columns that this sheet would lack."""
    free = {column.field for column in free_columns(run, kind, sheet)} - set(fields.values())
    return [column.heading for column in kind.columns if column.required and column.field in free]


def name_columns(
    *, run: ImportRun, kind: SheetKind, fields: Mapping[str, str], remember: bool = True
) -> None:
    """`fields` is the field by the key of a doubt; the columns of the others are left out, their cells forgotten."""
    doubts = doubts_of(run)
    named = {(doubt.sheet_name, doubt.index): (fields.get(doubt.key, ""), doubt.letter) for doubt in doubts}

    def change(chunk: ImportChunk) -> bool:
        mine = {
            f"?{index}": field_and_letter
            for (sheet, index), field_and_letter in named.items()
            if sheet == chunk.sheet
        }
        for field_, letter in mine.values():
            if field_:
                chunk.letters[field_] = letter
        for row in chunk.rows:
            _name_cells(row[1], {key: field_ for key, (field_, _letter) in mine.items()}, kind)
        return bool(mine)

    sheets = [_named_shape(sheet, place, doubts, fields) for place, sheet in enumerate(run.sheets)]
    staging.rewrite_chunks(run=run, change=change, sheets=sheets)
    if remember:
        choices = {fold_words(doubt.heading): fields.get(doubt.key, "") for doubt in doubts if doubt.heading}
        place_id = office_of(scope_of(run))
        staging.remember_columns(kind=kind.name, place_id=place_id, choices=choices, by=run.by)


def _name_cells(row: dict[str, object], names: Mapping[str, str], kind: SheetKind) -> None:
    for key, field_ in names.items():
        cell = row.pop(key, None)
        if field_ and cell is not None:
            kept = stored(kind.staged(field_, loaded(cell))) if not isinstance(cell, dict) else cell
            row.setdefault(field_, kept)


def _named_shape(
    sheet: dict[str, object], place: int, doubts: list[Doubt], fields: Mapping[str, str]
) -> dict[str, object]:
    headings = dict(sheet["headings"])  # type: ignore[call-overload]
    for doubt in doubts:
        if doubt.sheet == place and fields.get(doubt.key):
            headings[doubt.letter] = doubt.heading
    return {**sheet, "headings": headings, "doubtful": []}
