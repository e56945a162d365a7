from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0013_grades_summary"),
    ]

    operations = [
        migrations.AlterField(
            model_name="issuedpaper",
            name="kind",
            field=models.CharField(
                choices=[
                    ("phan-cong", "List of cadres assigned to follow and support"),
                    ("kien-nghi", "Summary of recommendations"),
                    ("ket-qua", "Report on the results of following and supporting"),
                    ("so-theo-doi", "Book of own visits"),
                    ("tran-xuat-sac", "Control of the ceiling of the best grade"),
                    ("ket-qua-xep-loai", "Notice of the results of grading"),
                    ("phieu-danh-gia", "Evaluation sheet of an organisation"),
                    ("mau-01", "Review report of a collective (form 01)"),
                    ("khen-thuong", "List of commendations"),
                    ("sinh-hoat-chi-bo", "Monthly list of cell meetings by quality"),
                    ("tong-hop-xep-loai", "Summary of grades by level"),
                    ("don-doc-kien-nghi", "Letter of reminder: late answers of a body"),
                    ("don-doc-danh-gia", "Letter of reminder: a step of the evaluation"),
                ],
                max_length=20,
                verbose_name="Paper",
            ),
        ),
    ]
