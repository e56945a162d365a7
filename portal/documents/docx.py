"""How do the same values become a Word file that an office goes on editing?

The layout is a Word file with marks in it, which an office makes its own in Word. Values are escaped, and a template
may look at nothing but the values.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from jinja2.sandbox import SandboxedEnvironment

from portal.documents.pdf import TemplateBroken
from portal.documents.templates import template_file
from portal.documents.word import NO_TIME, plain

TWIPS = 635
# Rows with the heads: of a table no longer than this hardly any begins a second page.
SHORT_TABLE = 8
ALIGNMENT = {"left": "left", "center": "center", "right": "right"}


def docx(template: str, values: Mapping[str, Any]) -> bytes:
    try:
        paper = DocxTemplate(template_file(template))
        paper.render(_clean(dict(values)), SandboxedEnvironment(autoescape=True))
    except (TemplateError, PackageNotFoundError, zipfile.BadZipFile) as broken:
        raise TemplateBroken(f"{template}: {broken}") from broken
    _lay_out(paper.docx, values)
    _forget_who(paper.docx, datetime.fromisoformat(values["date"]))
    file = io.BytesIO()
    paper.docx.save(file)
    return _packed(file)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value


def _lay_out(document: Any, values: Mapping[str, Any]) -> None:
    if values["wide"]:
        for section in document.sections:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = section.page_height, section.page_width
    section = document.sections[0]
    width = (section.page_width - section.left_margin - section.right_margin) // TWIPS
    listings = [part for part in [*values["parts"], *values["annex"]] if part["kind"] == "table"]
    for table, part in zip(_listings(document), listings, strict=False):
        _set_columns(table, part, width)
    _frames(document, width if values["wide"] else 0)


def _frames(document: Any, width: int) -> None:
    """Head and signature are as wide as a page that lies across; what is signed takes what stands above it along."""
    listings = list(_listings(document))
    for table in document.element.body.findall(qn("w:tbl")):
        if table in listings:
            continue
        if width:
            _widen(table, width)
        _take_along(table)


def _widen(table: Any, width: int) -> None:
    columns = table.find(qn("w:tblGrid")).findall(qn("w:gridCol"))
    told = [*columns, *table.iter(qn("w:tcW"))]
    before = sum(int(column.get(qn("w:w"))) for column in columns)
    for one in told:
        one.set(qn("w:w"), str(int(one.get(qn("w:w"))) * width // before))


def _take_along(table: Any) -> None:
    """The last paragraph before it, or the last two rows of a table; empty lines between them as well."""
    for before in table.itersiblings(preceding=True):
        rows = before.findall(qn("w:tr"))[-2:]
        for paragraph in [each for row in rows for each in row.iter(qn("w:p"))] or [before]:
            if paragraph.tag == qn("w:p"):
                paragraph.get_or_add_pPr().get_or_add_keepNext()
        if rows or "".join(before.itertext()).strip():
            if _is_listing(before) and len(before.findall(qn("w:tr"))) > SHORT_TABLE:
                _sign_in_a_row(before, table)
            return


def _sign_in_a_row(listing: Any, signature: Any) -> None:
    """What is signed becomes the last row of a long table, without lines around it.

    Word keeps the last rows with what follows the table. LibreOffice does so only on the first page of a table, and
    keeps a row with the next one on every page.
    """
    row, cell = OxmlElement("w:tr"), OxmlElement("w:tc")
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    cell.get_or_add_tcPr().append(_set("w:gridSpan", len(listing.find(qn("w:tblGrid")))))
    lines = OxmlElement("w:tcBorders")
    for side in ("w:left", "w:bottom", "w:right"):
        lines.append(_set(side, "nil"))
    cell.tcPr.append(lines)
    for one in [*_between(listing, signature), signature]:
        cell.append(one)
    # A cell ends with a paragraph; this one is a point high.
    last = OxmlElement("w:p")
    spacing = OxmlElement("w:spacing")
    for name, value in (("before", "0"), ("after", "0"), ("line", "20"), ("lineRule", "exact")):
        spacing.set(qn(f"w:{name}"), value)
    last.get_or_add_pPr().append(spacing)
    cell.append(last)
    row.append(cell)
    listing.append(row)


def _between(listing: Any, signature: Any) -> list[Any]:
    following = list(listing.itersiblings())
    return following[: following.index(signature)]


def _set(name: str, value: Any) -> Any:
    made = OxmlElement(name)
    made.set(qn("w:val"), str(value))
    return made


def _listings(document: Any) -> Iterator[Any]:
    """Tables whose first row is repeated on every page: the others are frames of the layout."""
    yield from filter(_is_listing, document.element.body.iter(qn("w:tbl")))


def _is_listing(block: Any) -> bool:
    row = block.find(qn("w:tr")) if block.tag == qn("w:tbl") else None
    return row is not None and row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None


def _set_columns(table: Any, part: Mapping[str, Any], width: int) -> None:
    """Widths, alignment and bold rows, which a mark in a template cannot say."""
    parts = [column["width"] for column in part["columns"]]
    widths = [str(width * one // sum(parts)) for one in parts]
    grid = table.find(qn("w:tblGrid"))
    for column, wide in zip(grid.findall(qn("w:gridCol")), widths, strict=False):
        column.set(qn("w:w"), wide)
    alignments = [ALIGNMENT[column["align"]] for column in part["columns"]]
    bold = set(part["bold"])
    for number, row in enumerate(table.findall(qn("w:tr")), -1):
        for cell, wide, align in zip(row.findall(qn("w:tc")), widths, alignments, strict=False):
            told = cell.get_or_add_tcPr().get_or_add_tcW()
            told.set(qn("w:w"), wide)
            told.set(qn("w:type"), "dxa")
            if number >= 0:
                _dress(cell, align, number in bold)


def _dress(cell: Any, align: str, bold: bool) -> None:
    for paragraph in cell.findall(qn("w:p")):
        properties = paragraph.get_or_add_pPr()
        for old in properties.findall(qn("w:jc")):
            properties.remove(old)
        mark = OxmlElement("w:jc")
        mark.set(qn("w:val"), align)
        properties.append(mark)
        for run in paragraph.findall(qn("w:r")) if bold else ():
            run.get_or_add_rPr().append(OxmlElement("w:b"))


def _forget_who(document: Any, day: datetime) -> None:
    told = document.core_properties
    told.author = told.last_modified_by = told.comments = told.keywords = ""
    told.created = told.modified = day
    told.revision = 1


def _packed(file: io.BytesIO) -> bytes:
    """Without the time of its making: the same values are the same file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, NO_TIME), old.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
