"""The marks of .xlsx and .xlsm: which part is which, which styles and texts are struck through or coloured.

The cells themselves are looked at in `marks_xlsx_rows`. Runs in the reading process: nothing here may import Django.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Any

from portal.sheets.archive import Archive, local, parse_xml
from portal.sheets.marks import MarksUnread, SheetMarks
from portal.sheets.marks_xlsx_rows import Looks, letters_to_column, read_rows

CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
OFF = {"0", "false", "off"}
# Fills that show as no fill: white by itself, by the theme, by the old palette, and the automatic one.
WHITE_INDEXES = {"1", "9", "64", "65"}


def read_xlsx(archive: Archive) -> list[SheetMarks]:
    """In the order of the sheets. MarksUnread where the file is put together in a way nobody foresaw."""
    return _Book(archive).sheets()


class _Book:
    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.read: set[str] = set()
        office = (part for kind, part in self.related("").values() if kind == "officeDocument")
        self.part = next(office, "xl/workbook.xml")
        self.parts = self.related(self.part)

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """By id: the kind and the name of each part that this one refers to; nothing outside the file."""
        folder, name = posixpath.split(part)
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "").replace("\\", "/")
                whole = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                found[attributes["Id"]] = attributes.get("Type", "").rpartition("/")[2], whole

        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        if relations in self.archive:
            parse_xml(self.archive.pieces(relations), start)
        return found

    def sheets(self) -> list[SheetMarks]:
        looks = Looks()
        for kind, part in self.parts.values():
            if kind == "styles":
                _read_styles(self.pieces(part), looks)
        for kind, part in self.parts.values():
            if kind == "sharedStrings" and _mentions(self.pieces(part), b"strike"):
                _read_strings(self.archive.pieces(part), looks)
        return [self.sheet(*self.parts[key], looks) for key in self.sheet_keys()]

    def pieces(self, part: str) -> Iterator[bytes]:
        """No part belongs to two sheets; a small file could else have a large one read a thousand times."""
        if part in self.read:
            raise MarksUnread
        self.read.add(part)
        return self.archive.pieces(part)

    def sheet_keys(self) -> list[str]:
        keys: list[str] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            if local(tag) == "sheet":
                keys.append(next(value for name, value in attributes.items() if name.endswith(" id")))

        parse_xml(self.archive.pieces(self.part), start)
        return keys

    def sheet(self, kind: str, part: str, looks: Looks) -> SheetMarks:
        marks = SheetMarks()
        if kind != "worksheet":
            return marks
        if part not in self.archive:
            raise MarksUnread
        read_rows(self.pieces(part), looks, marks)
        for other, name in self.related(part).values():
            if other == "comments":
                _read_comments(self.pieces(name), marks)
            elif other == "table":
                marks.is_filtered |= _mentions(self.pieces(name), b"autoFilter")
        return marks.in_order()


def _mentions(pieces: Iterable[bytes], word: bytes) -> bool:
    """The part is gone through to its end, as `verify` asks."""
    before, found = b"", False
    for piece in pieces:
        found = found or word in before + piece
        before = piece[-len(word) :]
    return found


def _read_comments(pieces: Iterator[bytes], marks: SheetMarks) -> None:
    """Where they stand; their words are passed over."""

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "comment" and (place := CELL.fullmatch(attributes.get("ref", ""))):
            marks.comment(int(place[2]), letters_to_column(place[1].encode()))

    parse_xml(pieces, start)


def _is_on(attributes: dict[str, str]) -> bool:
    return attributes.get("val", "1") not in OFF


def _read_styles(pieces: Iterable[bytes], looks: Looks) -> None:
    """Cells name a format of cellXfs, which names a font and a fill, each by its place in its list."""
    path: list[str] = []
    fonts: list[bool] = []
    fills: list[bool] = []
    solid = False
    formats = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal solid, formats
        name, inside = local(tag), path[1:]
        path.append(name)
        if inside == ["fonts"]:
            fonts.append(False)
        elif inside == ["fonts", "font"] and name == "strike":
            fonts[-1] = _is_on(attributes)
        elif inside == ["fills"]:
            fills.append(False)
        elif inside == ["fills", "fill"]:
            solid = attributes.get("patternType") == "solid"
        elif inside == ["fills", "fill", "patternFill"] and name == "fgColor":
            fills[-1] = solid and _shows(attributes)
        elif inside == ["cellXfs"]:
            if fonts and fonts[int(attributes.get("fontId", 0))]:
                looks.struck.add(b"%d" % formats)
            if fills and fills[int(attributes.get("fillId", 0))]:
                looks.coloured.add(b"%d" % formats)
            formats += 1

    parse_xml(pieces, start, lambda _tag: path.pop())


def _shows(colour: dict[str, str]) -> bool:
    """Is a fill of this colour seen on white paper?"""
    if "rgb" in colour:
        return not colour["rgb"].upper().endswith("FFFFFF")
    if "theme" in colour:
        return colour["theme"] != "0" or float(colour.get("tint", 0)) != 0
    return colour.get("indexed", "64") not in WHITE_INDEXES


def _read_strings(pieces: Iterable[bytes], looks: Looks) -> None:
    """A text of several runs is struck through where each run with a letter in it is; runs say so for themselves."""
    reading = _Strings(looks)
    parse_xml(pieces, reading.start, reading.end, reading.text)


class _Strings:
    def __init__(self, looks: Looks) -> None:
        self.looks, self.number = looks, -1
        self.runs: list[bool | None] = []
        self.run: bool | None = None
        self.inside: set[str] = set()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        self.inside.add(name)
        if name == "si":
            self.number += 1
            self.runs = []
        elif name == "r":
            self.run = None
        elif name == "rPr":
            self.run = False
        elif name == "strike":
            self.run = _is_on(attributes)

    def text(self, text: str) -> None:
        if {"r", "t"} <= self.inside and "rPh" not in self.inside and not text.isspace():
            self.runs.append(self.run)

    def end(self, tag: str) -> Any:
        name = local(tag)
        self.inside.discard(name)
        # A run that says nothing looks as its cell does.
        if name == "si" and self.runs:
            if all(self.runs):
                self.looks.struck_texts.add(b"%d" % self.number)
            elif False in self.runs:
                self.looks.plain_texts.add(b"%d" % self.number)
