"""Which file lays a paper out? The office's own, where it has one of that name; else the built-in one."""

from pathlib import Path

from django.conf import settings

BUILT_IN = settings.HOME / "templates" / "papers"


def template_file(name: str) -> Path:
    """A file of the directory PAPER_TEMPLATES takes the place of the built-in one of the same name."""
    if settings.PAPER_TEMPLATES:
        own = Path(settings.PAPER_TEMPLATES) / name
        if own.is_file():
            return own
    return BUILT_IN / name
