"""Which rows below a heading are rows of the list? Goes through them once, and says what it passes over.

The usual row is asked as little as possible: a hundred thousand of them come this way.
"""

from collections import deque
from collections.abc import Iterable, Iterator

from portal.sheets.bands import Bands, names_a_unit
from portal.sheets.frame import Frame, Merges, Texts, besides_sums, cell_at, texts_of
from portal.sheets.headings import DEEPEST, Heading, Vocabulary, heading_at
from portal.sheets.rows import RowValues, TableRow
from portal.sheets.skipping import SkipReason, is_note, is_signature, may_be_signature
from portal.sheets.workbook import Row


class Findings:
    """What a walk leaves behind besides rows. `headings` are all that rows stand under, the first ones known before."""

    def __init__(self, headings: list[Heading]) -> None:
        self.headings = headings
        self.skipped: list[tuple[int, SkipReason]] = []
        self.bands: list[tuple[int, str]] = []
        self.totals: list[TableRow] = []


class Walk:
    """Through the rows under one heading; others of the same list may follow below it."""

    def __init__(self, part: int, words: Vocabulary, merges: Merges, found: Findings) -> None:
        self.words, self.merges, self.found = words, merges, found
        self.fills_down = {column.field for column in words.columns if column.fills_down}
        self.bands = Bands()
        self.band, self.all_bands = "", ()
        self.outside: SkipReason | None = None
        self.upcoming: deque[Row] = deque()
        self.rows: Iterator[Row] = iter(())
        self.stand_under(found.headings[part], part)

    def stand_under(self, heading: Heading, part: int) -> None:
        self.part = part
        columns = self.places(heading)
        self.values = RowValues(columns, self.fills_down, self.merges.all, heading.joined)
        self.frame = Frame(heading, columns, self.words, self.merges, self.values)
        self.first, self.rest_of_heading, self.after_break = True, 0, False

    def places(self, heading: Heading) -> dict[str, int]:
        """Doubtful columns go by their place under the first heading, so that one answer names them in all parts."""
        first = self.found.headings[0]
        doubtful = {first.texts.get(index, ""): f"?{index}" for index in first.doubtful}
        places = dict(heading.columns)
        if heading is first:
            return places | {f"?{index}": index for index in first.doubtful}
        for index in (*heading.unknown, *heading.doubtful):
            if name := doubtful.get(heading.texts.get(index, "")):
                places.setdefault(name, index)
        return places

    def through(self, rows: Iterable[Row]) -> Iterator[TableRow]:
        self.rows, last = iter(rows), 0
        while (row := self.next_row()) is not None:
            self.after_break = self.after_break or row.number > last + 1
            last = row.number
            usual = not self.first and not self.outside and self.frame.is_usual(row, self.after_break)
            reason = None if usual else self.reason_to_skip(row)
            if reason is None:
                self.first, self.rest_of_heading, self.after_break, self.outside = False, 0, False, None
                values, dittos = self.values.of(row)
                yield TableRow(row.number, values, self.band, row.marks, self.all_bands, dittos, self.part)
            else:
                self.pass_over(row, reason)

    def pass_over(self, row: Row, reason: SkipReason) -> None:
        self.found.skipped.append((row.number, reason))
        self.after_break = reason not in (SkipReason.HEADING, SkipReason.COLUMN_NUMBERS)
        if reason != SkipReason.HEADING:
            self.first, self.rest_of_heading = False, 0
        if reason == SkipReason.TOTAL:
            self.found.totals.append(TableRow(row.number, self.values.bare(row), "", part=self.part))

    def next_row(self) -> Row | None:
        return self.upcoming.popleft() if self.upcoming else next(self.rows, None)

    def following(self, far: int = 1) -> list[Row]:
        while len(self.upcoming) < far and (row := next(self.rows, None)) is not None:
            self.upcoming.append(row)
        return list(self.upcoming)[:far]

    def reason_to_skip(self, row: Row) -> SkipReason | None:
        texts = texts_of(row)
        if texts.first.startswith("vi du"):
            return SkipReason.EXAMPLE
        if self.first and self.frame.counts_columns(row):
            return SkipReason.COLUMN_NUMBERS
        if reason := self.reason_as_heading(row, texts):
            return reason
        if self.outside and not self.goes_on(row, texts):
            return self.reason_outside(row, texts)
        if texts.found and (reason := self.reason_in_words(row, texts)):
            return reason
        return None if any(map(row.filled, self.frame.contents)) else SkipReason.EMPTY

    def reason_in_words(self, row: Row, texts: Texts) -> SkipReason | None:
        text = texts.found[0][1]
        if self.frame.is_total(texts):
            return SkipReason.TOTAL
        if texts.filled <= 2 and is_note(text) and not self.frame.is_numbered(row):
            return SkipReason.NOTE
        if self.frame.stands_across(row, texts) and not is_signature(text):
            return self.take_band(row, text)
        if self.frame.is_signature(row, texts, self.after_break):
            self.outside = SkipReason.SIGNATURE
            return SkipReason.SIGNATURE
        return self.reason_as_title(row, texts)

    # Headings again

    def reason_as_heading(self, row: Row, texts: Texts) -> SkipReason | None:
        if self.rest_of_heading and self.frame.is_rest_of_heading(texts):
            self.rest_of_heading -= 1
            return SkipReason.HEADING
        if not self.frame.may_be_heading(row, texts, self.after_break or bool(self.outside)):
            return None
        known, heading, repeats = self.frame.heading, self.heading_from(row), self.frame.repeats(texts)
        if heading is None or 2 * heading.recognised < len(texts.found):
            return self.under_heading(known.rows - 1) if repeats else None
        # The upper row alone of a heading may seem to say something else.
        if heading.columns.items() <= known.columns.items() or (repeats and heading.rows < known.rows):
            return self.under_heading(max(heading.rows, known.rows) - 1)
        if not heading.covers(set(self.words.required) & set(known.columns)):
            self.outside = SkipReason.OTHER_TABLE
            return SkipReason.OTHER_TABLE
        heading.number, heading.span = row.number, known.span
        self.found.headings.append(heading)
        self.stand_under(heading, len(self.found.headings) - 1)
        return self.under_heading(heading.rows - 1)

    def heading_from(self, row: Row) -> Heading | None:
        rows = [row, *self.following(DEEPEST - 1)]
        return heading_at(rows, self.words, self.merges.near(row.number, DEEPEST))

    def under_heading(self, rest: int) -> SkipReason:
        self.outside, self.first, self.rest_of_heading = None, True, rest
        return SkipReason.HEADING

    # After a signature, or in another table

    def goes_on(self, row: Row, texts: Texts) -> bool:
        """A full row after what looked like the end is one of the list after all."""
        if self.outside != SkipReason.SIGNATURE or not self.frame.is_complete(row):
            return False
        if any(is_signature(text) for _at, text in texts.found):
            return False
        return self.frame.wanted(row) >= (2 if self.frame.is_numbered(row) else 3)

    def reason_outside(self, row: Row, texts: Texts) -> SkipReason | None:
        if texts.filled == 1 and texts.found:
            text = texts.found[0][1]
            if names_a_unit(text) and not may_be_signature(text):
                return self.take_band(row, text)
        return self.outside

    # Titles between the rows

    def reason_as_title(self, row: Row, texts: Texts) -> SkipReason | None:
        frame, (_index, text) = self.frame, texts.found[0]
        if (
            frame.stands_beside(texts)
            or frame.is_titled_in_front(row, texts)
            or frame.is_unit_with_sums(texts)
        ):
            return self.take_band(row, text)
        if len(besides_sums(texts)) > 2:
            return None
        if title := frame.titled_behind_its_number(row, texts, next(iter(self.following()), None)):
            return self.take_band(row, title, str(cell_at(row, frame.ordinal)))
        if texts.filled == 1 and frame.is_title_in_a_column(texts, next(iter(self.following()), None)):
            return self.take_band(row, text)
        return None

    def take_band(self, row: Row, text: str, ordinal: str = "") -> SkipReason:
        self.band = " ".join(text.split())
        self.bands.take(self.band, ordinal)
        self.all_bands = self.bands.texts
        self.found.bands.append((row.number, self.band))
        self.values.forget()
        return SkipReason.BAND
