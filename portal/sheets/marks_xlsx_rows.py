"""The rows of one sheet of .xlsx: hidden, struck through, coloured; cells with errors and formulas without a value.

A sheet of 100,000 rows is 60 MB of text, so it is not parsed: pieces in which no telling word occurs are passed over,
the others are searched for rows and cells. Runs in the reading process: nothing here may import Django.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from portal.sheets.faults import NOT_CALCULATED
from portal.sheets.marks import MarksUnread, SheetMarks

LONGEST_ROW = 10_000_000
LONGEST_WORD = 100
TAGS_LOOKED_AT = 60
# More styles or texts than these are not searched for one by one.
MOST_NEEDLES = 40

ROOT = re.compile(rb"<(?:([\w.-]+):)?(worksheet|dialogsheet|chartsheet|macrosheet)\b")
ATTRIBUTE = re.compile(rb"""\s([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
USUAL_ROW = re.compile(rb'\sr="(\d{1,7})"')
USUAL_CELL = re.compile(rb'\sr="([A-Z]{1,3})(\d{1,7})"(?:\ss="(\d+)")?(?:\st="(\w+)")?')
PLACE = re.compile(rb"([A-Z]{1,3})(\d{1,7})")
# What markup may be set aside by, and how it ends.
ASIDES = {b"<!--": b"-->", b"<![CDATA[": b"]]>"}
YES = {b"1", b"true", b"on"}


@dataclass
class Looks:
    """Which styles of cells (numbers as they are written) and shared texts show what."""

    struck: set[bytes] = field(default_factory=set)
    coloured: set[bytes] = field(default_factory=set)
    struck_texts: set[bytes] = field(default_factory=set)
    plain_texts: set[bytes] = field(default_factory=set)


@lru_cache(maxsize=1024)
def letters_to_column(letters: bytes) -> int:
    """A is 0, AA is 26."""
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def read_rows(pieces: Iterable[bytes], looks: Looks, marks: SheetMarks) -> None:
    reading: _Rows | None = None
    held = aside = b""
    for piece in pieces:
        held, aside = _without_asides(held + piece)
        if reading is None:
            if not (root := ROOT.search(held)):
                raise MarksUnread
            reading = _Rows((root[1] + b":") if root[1] else b"", looks, marks)
        cut = reading.end_of_whole_rows(held)
        if cut > 0:
            reading.read(held[:cut])
            held = held[cut:]
        held += aside
        if len(held) > LONGEST_ROW:
            raise MarksUnread
    if reading is None or aside:
        raise MarksUnread
    reading.read(held)


class _Rows:
    def __init__(self, prefix: bytes, looks: Looks, marks: SheetMarks) -> None:
        self.looks, self.marks = looks, marks
        p = re.escape(prefix)
        self.row_begins = b"<" + prefix + b"row"
        self.rows_end = b"</" + prefix + b"sheetData"
        self.are_rows_over = False
        self.cell_begins = b"<" + prefix + b"c "
        self.formula_begins = b"<" + prefix + b"f"
        self.run_begins, self.run_ends = b"<" + prefix + b"r>", b"</" + prefix + b"r>"
        # None of these goes past the next cell, whatever is left open, so that an enemy's sheet costs no more time.
        inside = rb"[^<]*(?:<(?!/?%bc[\s/>])[^<]*)*" % p
        self.tags = re.compile(
            rb"<%b(?:row((?:\s[^<>]*)?)>|c((?:\s[^<>]*?)?)(?:/>|>(%b)</%bc\s*>))" % (p, inside, p)
        )
        self.columns = re.compile(rb"<%bcol(\s[^<>]*)>" % p)
        self.filter = re.compile(rb"<%bautoFilter[\s/>]" % p)
        self.value = re.compile(rb"<%bv(?:\s[^<>]*)?>([^<]*)<" % p)
        self.uncalculated = re.compile(
            rb"(?:</%bf>|<%bf[^<>]*/>)\s*(?:</|<%bv[^<>]*/>|<%bv>\s*<)" % (p, p, p, p)
        )
        self.struck = re.compile(rb"<%bstrike(?:\s+val\s*=\s*[\"'](?:1|true|on)[\"'])?\s*/?>" % p)
        self.words = re.compile(rb"<%bt(?:\s[^<>]*)?>[^<]*[^<\s]" % p)
        styles = b"|".join(sorted(looks.coloured))
        self.coloured = re.compile(rb'<%bc r="([A-Z]{1,3})(\d{1,7})" s="(?:%b)"[^<>/]*>' % (p, styles))
        self.needles = [b"hidden", b'ht="0', b't="e"', b"strike"]
        self.look_at_all = self._add_needles()
        self.row, self.column = 0, -1
        self.is_first = True

    def _add_needles(self) -> bool:
        """True where the looks are too many to be searched for one by one."""
        self.needles += [b's="%b"' % style for style in self.looks.struck]
        # Texts of runs without a strike count only in cells that are struck through, found by their style.
        self.needles += [b">%b</" % text for text in self.looks.struck_texts]
        self.colours = [b's="%b"' % style for style in self.looks.coloured]
        # Cells without a style bear the first.
        is_first_told = b"0" in self.looks.struck | self.looks.coloured
        return len(self.needles) + len(self.colours) > MOST_NEEDLES or is_first_told

    def read(self, piece: bytes) -> None:
        begins = self.is_first
        if begins:
            for column in self.columns.finditer(piece):
                self._read_column(_attributes(column[1]))
            self.look_at_all |= self._is_written_oddly(piece)
            self.is_first = self.cell_begins not in piece
        if b"autoFilter" in piece and self.filter.search(piece):
            self.marks.is_filtered = True
        if begins or self.look_at_all or self._tells(piece):
            self._look(piece)
        elif any(colour in piece for colour in self.colours):
            self._look_for_colours(piece)

    def end_of_whole_rows(self, held: bytes) -> int:
        """Rules and links may follow the last row by the megabyte; of those a few letters are kept, for a torn word."""
        if self.are_rows_over:
            return len(held) - LONGEST_WORD
        end = held.find(self.rows_end)
        self.are_rows_over = end >= 0
        return end if self.are_rows_over else held.rfind(self.row_begins)

    def _tells(self, piece: bytes) -> bool:
        if any(needle in piece for needle in self.needles):
            return True
        return self.formula_begins in piece and bool(self.uncalculated.search(piece))

    def _is_written_oddly(self, piece: bytes) -> bool:
        """Rows or cells that do not say where they are, or not in Excel's own way: no needle would find them."""
        for found in islice(self.tags.finditer(piece), TAGS_LOOKED_AT):
            row, cell, _content = found.groups()
            usual = USUAL_ROW.match(row) if row is not None else USUAL_CELL.fullmatch(cell)
            if not usual or b"'" in found[0][:LONGEST_WORD] or b" =" in found[0][:LONGEST_WORD]:
                return True
        return False

    def _read_column(self, attributes: dict[bytes, bytes]) -> None:
        if attributes.get(b"hidden") in YES or _is_nought(attributes.get(b"width")):
            self.marks.hide_columns(int(attributes[b"min"]) - 1, int(attributes[b"max"]) - 1)

    def _look(self, piece: bytes) -> None:
        for found in self.tags.finditer(piece):
            row, cell, content = found.groups()
            if row is not None:
                self._look_at_row(row)
            else:
                self._look_at_cell(cell, content)

    def _look_for_colours(self, piece: bytes) -> None:
        """Whole lists may be coloured, so this is done in one sweep, and only where nothing else is to be found."""
        self.marks.colour_all(
            (int(row), letters_to_column(letters)) for letters, row in self.coloured.findall(piece)
        )

    def _look_at_row(self, said: bytes) -> None:
        if usual := USUAL_ROW.match(said):
            self.row, self.column = int(usual[1]), -1
            if b' hidden="1"' in said:
                self.marks.hide_rows(self.row, self.row)
                return
            if b"hidden" not in said and b"ht=" not in said:
                return
        attributes = _attributes(said)
        if not usual:
            self.row = int(attributes[b"r"]) if b"r" in attributes else self.row + 1
            self.column = -1
        if attributes.get(b"hidden") in YES or _is_nought(attributes.get(b"ht")):
            self.marks.hide_rows(self.row, self.row)

    def _look_at_cell(self, said: bytes, content: bytes | None) -> None:
        usual = USUAL_CELL.fullmatch(said)
        if usual:
            letters, row, style, sort = usual.groups()
        else:
            letters, row, style, sort = _place_and_look(_attributes(said))
        self.column = letters_to_column(letters) if letters else self.column + 1
        if content:
            self._look_inside(int(row) if row else self.row, style or b"0", sort or b"n", content)

    def _look_inside(self, row: int, style: bytes, sort: bytes, content: bytes) -> None:
        looks, marks = self.looks, self.marks
        found = self.value.search(content)
        value = found[1].strip() if found else b""
        if sort == b"e":
            marks.fault(row, self.column, value.decode("utf-8", "replace"))
        elif not value and sort != b"str" and self.formula_begins in content:
            marks.fault(row, self.column, NOT_CALCULATED)
        if self._is_struck(style, value if sort == b"s" else b"", content):
            marks.strike(row, self.column)
        if style in looks.coloured:
            marks.colour(row, self.column)

    def _is_struck(self, style: bytes, text: bytes, content: bytes) -> bool:
        looks = self.looks
        by_style = style in looks.struck
        if text:
            return text in looks.struck_texts or (by_style and text not in looks.plain_texts)
        if self.run_begins not in content:
            return by_style
        parts = content.split(self.run_begins)[1:]
        runs = [run for part in parts if self.words.search(run := part.partition(self.run_ends)[0])]
        if not runs:
            return by_style
        return all(self.struck.search(run) or (by_style and b"rPr" not in run) for run in runs)


def _without_asides(held: bytes) -> tuple[bytes, bytes]:
    """Comments and CDATA taken out, a sign in place of each, so that a value set aside counts as one; and one begun."""
    if b"<!" not in held:
        return held, b""
    kept: list[bytes] = []
    at = 0
    while (begin := held.find(b"<!", at)) >= 0:
        kept.append(held[at:begin])
        ends = next((ends for opening, ends in ASIDES.items() if held.startswith(opening, begin)), b"")
        end = held.find(ends, begin) if ends else -1
        if end < 0:
            return b"".join(kept), held[begin:]
        kept.append(b"-")
        at = end + len(ends)
    return b"".join([*kept, held[at:]]), b""


def _attributes(said: bytes) -> dict[bytes, bytes]:
    return {name: quoted or single for name, quoted, single in ATTRIBUTE.findall(said)}


def _place_and_look(attributes: dict[bytes, bytes]) -> tuple[bytes, bytes, bytes, bytes]:
    place = PLACE.fullmatch(attributes.get(b"r", b""))
    letters, row = place.groups() if place else (b"", b"")
    return letters, row, attributes.get(b"s", b""), attributes.get(b"t", b"")


def _is_nought(size: bytes | None) -> bool:
    return size is not None and not size.strip(b"0.")
