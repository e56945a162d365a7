"""How do values become a PDF that is the same to the byte whenever the values are the same?

The layout is a template of Typst; the values reach it as JSON, so that no text of theirs is ever read as Typst. The
fonts are the portal's own, whatever the machine has; nothing is read outside the directory of the templates.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from portal.documents.templates import template_file

PDF = "application/pdf"
FONTS = Path(__file__).resolve().parent / "fonts"
# Read in front of every layout.
FRAME = "frame.typ"
# Packages would be fetched from the network.
PACKAGE = re.compile(r"""["']@[\w-]+/""")


class TemplateBroken(Exception):
    """A template of the office cannot be used; says which and why."""


def pdf(template: str, values: Mapping[str, Any]) -> bytes:
    """`template` is a file name among the templates; `values` are those of docs/papers.md."""
    frame, layout = template_file(FRAME), template_file(template)
    source = frame.read_text(encoding="utf-8") + layout.read_text(encoding="utf-8")
    if PACKAGE.search(source):
        raise TemplateBroken(f"{template}: packages are not fetched; write what is needed into the template.")
    at = datetime.combine(datetime.fromisoformat(values["date"]).date(), time(), UTC)
    try:
        return typst.compile(
            source.encode(),
            root=str(layout.parent),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"paper": json.dumps(values, ensure_ascii=False)},
            timestamp=at,
        )
    except typst.TypstError as broken:
        raise TemplateBroken(f"{template}: {broken}") from broken


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
