"""Workbooks of the top floor."""

from reports.exports.year_end import write_year_end, year_end_response

__all__ = ["write_year_end", "year_end_response"]
