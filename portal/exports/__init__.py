"""How tables leave the portal: workbooks that print like the office's own, text for programs, and empty forms."""

from portal.exports.tables import Book, Footer, Head, Total, open_book, workbook_response, write_table
from portal.exports.templates import EXAMPLE_MARK, template_workbook
from portal.exports.text import csv_response

__all__ = [
    "EXAMPLE_MARK",
    "Book",
    "Footer",
    "Head",
    "Total",
    "csv_response",
    "open_book",
    "template_workbook",
    "workbook_response",
    "write_table",
]
