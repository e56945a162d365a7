"""The built-in Word layouts, written down: `manage.py paper_templates` makes the files from this.

An office changes the files in Word instead; the marks in them are those of docxtpl, the values those of docs/papers.md.
"""

from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

CENTER, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
FONT = "Times New Roman"
# Of a cell of a listing, in twentieths of a point: 3 pt aside as in the PDF, so that "100,0" and "STT" stay whole.
MARGINS = {"top": 30, "left": 60, "bottom": 30, "right": 60}


def write_layouts(folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name in ("party", "state"):
        for ending in ("", "-letter"):
            path = folder / f"{name}{ending}.docx"
            _layout(is_party=name == "party", is_letter=bool(ending)).save(str(path))
            made.append(path)
    return made


def _layout(*, is_party: bool, is_letter: bool) -> Paper:
    paper = Document()
    _page(paper)
    _marks(paper)
    _head(paper, is_party, is_letter)
    if is_letter:
        _addressed(paper, is_party)
    else:
        _title(paper, is_party)
    _body(paper, "parts")
    _signature(paper, is_party)
    _said(paper, "{%p if annex %}")
    broken = paper.add_paragraph()
    broken.paragraph_format.page_break_before = True
    _body(paper, "annex")
    _said(paper, "{%p endif %}")
    return paper


def _page(paper: Paper) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    style = paper.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(0)
    number = section.header.paragraphs[0]
    number.alignment = CENTER
    _field(number.add_run(), "PAGE")
    for footer in (section.footer, section.first_page_footer):
        _run(footer.paragraphs[0], "{{ footer }}", size=9, italic=True)


def _field(run: Any, code: str) -> None:
    for kind in ("begin", None, "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = code
        run._r.append(part)


def _run(
    paragraph: Any,
    text: str,
    *,
    size: int = 0,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
) -> Any:
    run = paragraph.add_run(text)
    run.bold, run.italic, run.underline = bold or None, italic or None, underline or None
    if size:
        run.font.size = Pt(size)
    return run


def _said(where: Any, text: str, **looks: Any) -> Any:
    """A paragraph; those with a mark of a loop vanish when the paper is made."""
    align = looks.pop("align", None)
    paragraph = where.add_paragraph()
    paragraph.alignment = align
    _run(paragraph, text, **looks)
    return paragraph


def _each(where: Any, name: str, before: str = "", **looks: Any) -> None:
    _said(where, f"{{%p for line in {name} %}}")
    _said(where, f"{before}{{{{ line }}}}", **looks)
    _said(where, "{%p endfor %}")


def _only_if(where: Any, name: str, text: str, **looks: Any) -> Any:
    _said(where, f"{{%p if {name} %}}")
    paragraph = _said(where, text, **looks)
    _said(where, "{%p endif %}")
    return paragraph


def _marks(paper: Paper) -> None:
    banner = _only_if(paper, "demo", "{{ demo }}", size=11, bold=True, align=CENTER)
    banner.runs[0].font.color.rgb = RGBColor(0xB0, 0x00, 0x20)
    draft = _only_if(paper, "draft", "{{ draft }}", size=12, bold=True)
    draft.paragraph_format.space_after = Pt(4)


def _frame(paper: Paper, left: int, right: int) -> tuple[Any, Any]:
    table = paper.add_table(1, 2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for cell, width in zip(table.rows[0].cells, (left, right), strict=True):
        cell.width = Mm(width)
    for column, width in zip(table.columns, (left, right), strict=True):
        column.width = Mm(width)
    _whole(table.rows[0])
    return table.rows[0].cells


def _whole(row: Any) -> None:
    """A row that is not broken over two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _begun(cell: Any) -> Any:
    """A cell begins with an empty paragraph, which would stand above all others."""
    first = cell.paragraphs[0]._p
    first.getparent().remove(first)
    return cell


def _head(paper: Paper, is_party: bool, is_letter: bool) -> None:
    left, right = map(_begun, _frame(paper, *((75, 90) if is_party else (65, 100))))
    size = 14 if is_party else 12
    _each(left, "superior", size=size, align=CENTER)
    _each(left, "issuer", size=size, bold=True, align=CENTER)
    _said(left, "*" if is_party else "_______", size=size if is_party else 8, align=CENTER)
    _said(left, "{{ number_line }}", size=size, align=CENTER)
    if is_letter:
        _said(left, "V/v {{ abstract }}", size=12, italic=is_party, align=CENTER)
    _said(right, "{{ motto[0] }}", size=size, bold=True, underline=is_party, align=CENTER)
    if not is_party:
        _said(right, "{{ motto[1] }}", size=13, bold=True, underline=True, align=CENTER)
    _said(right, "")
    _said(right, "{{ place_date }}", size=size if is_party else 13, italic=True, align=CENTER)


def _addressed(paper: Paper, is_party: bool) -> None:
    """A letter has no title: what it is about stands under its number."""
    told = _said(paper, f"Kính gửi: {{{{ addressed }}}}{',' if is_party else ''}", align=CENTER)
    told.paragraph_format.space_before, told.paragraph_format.space_after = Pt(18), Pt(12)


def _title(paper: Paper, is_party: bool) -> None:
    _said(paper, "")
    _said(paper, "{{ type }}", size=16 if is_party else 14, bold=True, align=CENTER)
    _said(paper, "{{ abstract }}", bold=True, align=CENTER)
    _only_if(paper, "basis", "{{ basis }}", italic=True, align=CENTER)
    _said(paper, "-----" if is_party else "_________", size=14 if is_party else 8, align=CENTER)
    _said(paper, "")


def _body(paper: Paper, name: str) -> None:
    _said(paper, f"{{%p for part in {name} %}}")
    heading = _only_if(paper, 'part.kind == "heading"', "{{ part.text }}", bold=True, align=JUSTIFY)
    title = _only_if(paper, 'part.kind == "title"', "{{ part.text }}", bold=True, align=CENTER)
    for paragraph in (heading, title):
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_before = Pt(6)
    title.paragraph_format.space_after = Pt(4)
    _said(paper, '{%p if part.kind == "text" %}')
    _said(paper, "{%p for line in part.text.split('\\n') %}")
    text = _said(paper, "{{ line }}", align=JUSTIFY)
    _said(paper, "{%p endfor %}")
    _said(paper, "{%p endif %}")
    for paragraph in (heading, text):
        looks = paragraph.paragraph_format
        looks.first_line_indent, looks.space_after = Mm(10), Pt(6)
        looks.line_spacing_rule, looks.line_spacing = WD_LINE_SPACING.AT_LEAST, Pt(19)
    _said(paper, '{%p if part.kind == "table" %}')
    _listing(paper)
    _said(paper, "{%p endif %}")
    _said(paper, "{%p endfor %}")


def _listing(paper: Paper) -> None:
    table = paper.add_table(4, 3)
    table.style = "Table Grid"
    rows = [
        ["{%tc for column in part.columns %}", "{{ column.text }}", "{%tc endfor %}"],
        ["{%tr for row in part.rows %}", "", ""],
        ["{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"],
        ["{%tr endfor %}", "", ""],
    ]
    for number, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        for cell, text in zip(row.cells, texts, strict=True):
            _run(cell.paragraphs[0], text, size=12, bold=number == 0)
            cell.paragraphs[0].alignment = CENTER if number == 0 else None
            if number == 0:
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    _narrow(table)
    # The heads, and the row that is repeated.
    _whole(table.rows[0])
    _whole(table.rows[2])
    again = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(again)


def _narrow(table: Any) -> None:
    told = OxmlElement("w:tblCellMar")
    for side, twips in MARGINS.items():
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(twips))
        margin.set(qn("w:type"), "dxa")
        told.append(margin)
    properties = table._tbl.tblPr
    # The order of a schema: margins stand before the look of the table.
    look = properties.find(qn("w:tblLook"))
    properties.append(told) if look is None else look.addprevious(told)


def _signature(paper: Paper, is_party: bool) -> None:
    _said(paper, "")
    left, right = map(_begun, _frame(paper, 80, 85))
    # A Party paper underlines the head; one of the State sets it bold and slanted.
    _said(
        left,
        "{% if recipients %}{{ recipients_head }}{% endif %}",
        size=12,
        underline=is_party,
        bold=not is_party,
        italic=not is_party,
    )
    _each(left, "recipients", "- ", size=12 if is_party else 11)
    _each(right, "signature.body", bold=True, align=CENTER)
    _said(right, "{{ signature.post }}", bold=not is_party, align=CENTER)
    for _line in range(4):
        _said(right, "")
    _said(right, "{{ signature.name }}", bold=True, align=CENTER)
