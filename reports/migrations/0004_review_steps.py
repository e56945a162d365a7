from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_issued_papers")]

    operations = [
        migrations.AddField(
            model_name="review",
            name="responsibilities",
            field=models.TextField(
                blank=True, verbose_name="Responsibility of the collective and of each", default=""
            ),
            preserve_default=False,
        ),
    ]
