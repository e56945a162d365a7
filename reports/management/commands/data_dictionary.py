"""Prints docs/data-dictionary.md from the models themselves, so that it cannot fall behind them."""

import inspect
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db.models import Field, ForeignKey, Model
from django.utils import translation

FLOORS = ["portal", "assignments", "reports"]
HEAD = """# Data dictionary

Every table and column, floor by floor. Made by `manage.py data_dictionary`; a test fails when it is stale.
`since` is the first day a row holds, `until` the first day it no longer does (empty while it still does).
"""


class Command(BaseCommand):
    help = "Print the data dictionary as Markdown (docs/data-dictionary.md)."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            self.stdout.write(dictionary(), ending="")


def dictionary() -> str:
    lines = [HEAD]
    for floor in FLOORS:
        lines.append(f"\n## {floor}\n")
        for model in apps.get_app_config(floor).get_models():
            lines.extend(_table(model))
    return "\n".join(lines) + "\n"


def _table(model: type[Model]) -> Iterator[str]:
    yield f"\n### {model.__name__} (`{model._meta.db_table}`)\n"
    words = inspect.getdoc(model) or ""
    if words and not words.startswith(f"{model.__name__}("):
        yield words + "\n"
    yield "| column | type | empty? | what |"
    yield "|---|---|---|---|"
    for field in model._meta.get_fields():
        if isinstance(field, Field) and field.column:
            yield f"| {field.column} | {_type(field)} | {'yes' if field.null else 'no'} | {_what(field)} |"


def _type(field: Field) -> str:
    if isinstance(field, ForeignKey):
        return f"→ {field.remote_field.model.__name__}"
    kind = field.get_internal_type().removesuffix("Field")
    return f"{kind}({field.max_length})" if field.max_length else kind


def _what(field: Field) -> str:
    choices = ", ".join(str(value) for value, _label in field.flatchoices) if field.choices else ""
    return choices or str(field.verbose_name)
