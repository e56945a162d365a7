"""What every Word file of the portal has in common, and how one is handed over."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The earliest time a ZIP can tell: two files of the same words are the same file.
NO_TIME = (1980, 1, 1, 0, 0, 0)


def plain(text: str) -> str:
    """Without the control characters that XML forbids and that a copied text may bring."""
    return "".join(letter for letter in text.strip() if letter >= " " or letter in "\t\n")


def document_response(file_name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=DOCX)
    response["Content-Disposition"] = content_disposition_header(True, file_name)
    response["Cache-Control"] = "no-store"
    return response
