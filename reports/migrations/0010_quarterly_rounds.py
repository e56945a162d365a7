"""A round and a grade are of a year, as all were so far (quarter 0), or of one of its quarters."""

from django.db import migrations, models


def refuse_while_quarters_are_kept(apps, schema_editor):
    """Without the column the grades of a year and of its quarters would be one: nothing is merged or dropped."""
    for name in ("Round", "Evaluation"):
        rows = apps.get_model("reports", name).objects.using(schema_editor.connection.alias)
        if number := rows.exclude(quarter=0).count():
            raise RuntimeError(
                f"{number} rows of {name} are of a quarter. They cannot be kept without migration 0010: export them "
                "and take them out first, or leave the migration applied."
            )


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0009_monthly_list_paper"),
    ]

    operations = [
        migrations.AddField(
            model_name="gradingscheme",
            name="has_quarters",
            field=models.BooleanField(default=False, verbose_name="Quarters are graded too"),
        ),
        migrations.AddField(
            model_name="gradingscheme",
            name="quarters_confirmed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="gradingscheme",
            name="quarters_source",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="round",
            name="quarter",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="Quarter"),
        ),
        migrations.AddField(
            model_name="evaluation",
            name="quarter",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="Quarter"),
        ),
        migrations.RemoveConstraint(model_name="round", name="round_once"),
        migrations.RemoveConstraint(model_name="evaluation", name="evaluation_once"),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.UniqueConstraint(fields=("year", "quarter", "place"), name="round_once"),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("quarter__in", [0, 1, 2, 3, 4])), name="round_quarter"
            ),
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.UniqueConstraint(fields=("org", "year", "quarter"), name="evaluation_once"),
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.CheckConstraint(
                condition=models.Q(("quarter__in", [0, 1, 2, 3, 4])), name="evaluation_quarter"
            ),
        ),
        # Last here, so that it is asked first on the way back.
        migrations.RunPython(migrations.RunPython.noop, refuse_while_quarters_are_kept),
    ]
