"""The day on which results were announced stands beside the planned one, which announcing had written over."""

from django.db import migrations, models
from django.db.models import F


def rounds_of(apps, schema_editor):
    return apps.get_model("reports", "Round").objects.using(schema_editor.connection.alias)


def take_the_day_over(apps, schema_editor):
    """Of a round with an announced result the column held the day it was announced; what was planned is lost."""
    announced = rounds_of(apps, schema_editor).filter(reviews__state="announced")
    rounds_of(apps, schema_editor).filter(pk__in=announced.values("pk")).update(announced_on=F("announce_on"))


def write_it_over_the_plan(apps, schema_editor):
    rounds_of(apps, schema_editor).exclude(announced_on=None).update(announce_on=F("announced_on"))


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0011_set_ceiling_of_round"),
    ]

    operations = [
        migrations.AddField(
            model_name="round",
            name="announced_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.RunPython(take_the_day_over, write_it_over_the_plan),
    ]
