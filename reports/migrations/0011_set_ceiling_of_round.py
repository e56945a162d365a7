import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0004_lost_phone"),
        ("reports", "0010_quarterly_rounds"),
    ]

    operations = [
        migrations.AlterField(
            model_name="setceiling",
            name="superior",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="portal.partyorg",
            ),
        ),
        migrations.AddConstraint(
            model_name="setceiling",
            constraint=models.UniqueConstraint(
                condition=models.Q(("superior", None), ("withdrawn_at", None)),
                fields=("round", "family"),
                name="set_ceiling_of_round_once",
            ),
        ),
    ]
