"""How does a text become a Word document, without a library and without a trace of who made it?

The body is a template of WordprocessingML under `templates/documents/`, whose values are escaped like those of a page.
Papers are in Vietnamese whatever language the reader has chosen, as an office sends no other.
"""

import io
import zipfile
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import override

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The earliest time a ZIP can tell: two files of the same words are the same file.
NO_TIME = (1980, 1, 1, 0, 0, 0)
# Part of the package -> template.
FRAME = {
    "[Content_Types].xml": "documents/frame_types.xml",
    "_rels/.rels": "documents/frame_relations.xml",
    "word/_rels/document.xml.rels": "documents/frame_document_relations.xml",
    "word/styles.xml": "documents/frame_styles.xml",
}


def document(template: str, context: dict[str, Any]) -> bytes:
    """No properties are written, so the file names neither author nor machine."""
    file = io.BytesIO()
    with override("vi"), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        parts = {**FRAME, "word/document.xml": template}
        for name, source in parts.items():
            text = render_to_string(source, {"demo": settings.DEMO, **context})
            package.writestr(zipfile.ZipInfo(name, NO_TIME), plain(text), zipfile.ZIP_DEFLATED)
    return file.getvalue()


def plain(text: str) -> str:
    """Without the control characters that XML forbids and that a copied text may bring."""
    return "".join(letter for letter in text.strip() if letter >= " " or letter in "\t\n")


def document_response(file_name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=DOCX)
    response["Content-Disposition"] = content_disposition_header(True, file_name)
    response["Cache-Control"] = "no-store"
    return response
