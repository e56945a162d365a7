import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.models.spans


class Migration(migrations.Migration):
    dependencies = [
        ("assignments", "0009_cell_meetings"),
        ("portal", "0004_lost_phone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FactKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=30, verbose_name="Code")),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("posts", "Combined posts"),
                            ("work", "Meeting place, rules, meetings"),
                            ("members", "Growth of membership"),
                            ("commitments", "Yearly commitments"),
                        ],
                        max_length=12,
                        verbose_name="Group",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("label", models.CharField(max_length=200, verbose_name="Wording")),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("yes_no", "Yes or no"),
                            ("count", "Number"),
                            ("text", "Number of a document"),
                        ],
                        max_length=10,
                        verbose_name="Entered as",
                    ),
                ),
                (
                    "grain",
                    models.CharField(
                        choices=[("year", "Year"), ("term", "Term")],
                        default="year",
                        max_length=6,
                        verbose_name="Once a",
                    ),
                ),
                ("for_cells", models.BooleanField(default=True, verbose_name="For cells")),
                ("for_committees", models.BooleanField(default=False, verbose_name="For committees")),
                ("persons", models.BooleanField(default=False, verbose_name="Counts persons")),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="Source")),
                ("is_confirmed", models.BooleanField(default=False, verbose_name="Confirmed")),
            ],
            options={
                "verbose_name": "kind of fact",
                "verbose_name_plural": "kinds of fact",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gt", models.F("since")), _connector="OR"
                        ),
                        name="fact_kind_length",
                    ),
                    portal.models.spans.NoOverlap(keys=("code",), name="fact_kind_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "org_kind",
                    models.CharField(
                        choices=[
                            ("provincial", "Provincial party organisation"),
                            ("district", "District party organisation"),
                            ("commune", "Commune party organisation above the grassroots"),
                            ("grassroots_body", "Grassroots party organisation with cells"),
                            ("grassroots_cell", "Grassroots cell"),
                            ("section", "Section of a grassroots organisation"),
                            ("cell_hamlet", "Hamlet cell"),
                            ("cell_sector", "Sector cell"),
                        ],
                        max_length=20,
                        verbose_name="Kind",
                    ),
                ),
                ("label", models.CharField(max_length=40, verbose_name="Term")),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="Source")),
                ("is_confirmed", models.BooleanField(default=False, verbose_name="Confirmed")),
            ],
            options={
                "verbose_name": "term of office",
                "verbose_name_plural": "terms of office",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gt", models.F("since")), _connector="OR"
                        ),
                        name="term_length",
                    ),
                    portal.models.spans.NoOverlap(keys=("org_kind",), name="term_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("year", models.PositiveSmallIntegerField(verbose_name="Year")),
                (
                    "sector",
                    models.CharField(
                        choices=[
                            ("party", "Party building"),
                            ("economy", "Economy"),
                            ("society", "Culture and society"),
                            ("security", "Defence, security"),
                            ("countryside", "New-style countryside"),
                            ("mass", "Front and mass mobilisation"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                        verbose_name="Sector",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="Work item")),
                ("measure", models.CharField(blank=True, max_length=80, verbose_name="Measured by")),
                (
                    "target",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="Target"
                    ),
                ),
                ("due", models.DateField(blank=True, null=True, verbose_name="Due on")),
                ("withdrawn", models.CharField(blank=True, max_length=200, verbose_name="Withdrawn because")),
                ("made_at", models.DateTimeField()),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_items",
                        to="portal.agency",
                    ),
                ),
                (
                    "continues",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="continued",
                        to="assignments.workitem",
                    ),
                ),
                (
                    "decree",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.decree",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="work_items",
                        to="portal.partyorg",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="assignments.workitem",
                    ),
                ),
                (
                    "responsible",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.agency",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assignments.term",
                    ),
                ),
            ],
            options={
                "verbose_name": "work item",
                "verbose_name_plural": "work items",
            },
        ),
        migrations.CreateModel(
            name="WorkItemProgress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(verbose_name="Month")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("on_time", "On time"),
                            ("late", "Late"),
                            ("done", "Done"),
                            ("above", "Above requirement"),
                        ],
                        max_length=10,
                        verbose_name="State",
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Percent")),
                (
                    "value",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="Reached"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Note")),
                ("entered_at", models.DateTimeField()),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "work_item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="progress",
                        to="assignments.workitem",
                    ),
                ),
            ],
            options={
                "verbose_name": "progress of a work item",
                "verbose_name_plural": "progress of work items",
            },
        ),
        migrations.CreateModel(
            name="DisseminationSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("document", models.CharField(max_length=200, verbose_name="Document")),
                ("day", models.DateField(verbose_name="Day")),
                ("classes", models.PositiveSmallIntegerField(default=1, verbose_name="Classes")),
                ("attendees", models.PositiveIntegerField(verbose_name="Attendees")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="portal.agency",
                    ),
                ),
                (
                    "decree",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.decree",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="portal.partyorg",
                    ),
                ),
            ],
            options={
                "verbose_name": "dissemination session",
                "verbose_name_plural": "dissemination sessions",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agency", None), ("org__isnull", False)),
                            models.Q(("agency__isnull", False), ("org", None)),
                            _connector="OR",
                        ),
                        name="session_of_one_body",
                    ),
                    models.UniqueConstraint(fields=("org", "document", "day"), name="session_once"),
                    models.UniqueConstraint(
                        fields=("agency", "document", "day"), name="session_of_body_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GoodModel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sector",
                    models.CharField(
                        choices=[
                            ("party", "Party building"),
                            ("economy", "Economy"),
                            ("society", "Culture and society"),
                            ("security", "Defence, security"),
                            ("countryside", "New-style countryside"),
                            ("mass", "Front and mass mobilisation"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                        verbose_name="Field",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="Model")),
                ("registered", models.DateField(verbose_name="Registered on")),
                ("recognised", models.DateField(blank=True, null=True, verbose_name="Recognised on")),
                (
                    "decree",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.decree",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="good_models",
                        to="portal.partyorg",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="good_models",
                        to="portal.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "good model",
                "verbose_name_plural": "good models",
                "constraints": [
                    models.UniqueConstraint(fields=("place", "title"), name="good_model_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recognised", None), ("recognised__gte", models.F("registered")), _connector="OR"
                        ),
                        name="good_model_recognised_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrgFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="Year")),
                ("is_stated", models.BooleanField(default=False, verbose_name="Stated total")),
                ("number", models.PositiveIntegerField(blank=True, null=True)),
                ("text", models.CharField(blank=True, max_length=80)),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="Source")),
                ("entered_at", models.DateTimeField()),
                (
                    "decree",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portal.decree",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="assignments.factkind",
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="portal.partyorg",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assignments.term",
                    ),
                ),
            ],
            options={
                "verbose_name": "fact of an organisation",
                "verbose_name_plural": "facts of organisations",
                "indexes": [models.Index(fields=["year", "kind"], name="org_fact_year")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org", "kind", "year", "is_stated"), name="org_fact_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number__isnull", False), ("text", "")),
                            models.Q(("number", None), models.Q(("text", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="org_fact_says_something",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="workitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agency", None), ("org__isnull", False)),
                    models.Q(("agency__isnull", False), ("org", None)),
                    _connector="OR",
                ),
                name="work_item_of_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="workitem",
            constraint=models.UniqueConstraint(fields=("org", "year", "text"), name="work_item_once"),
        ),
        migrations.AddConstraint(
            model_name="workitem",
            constraint=models.UniqueConstraint(
                fields=("agency", "year", "text"), name="work_item_of_body_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="workitemprogress",
            constraint=models.UniqueConstraint(fields=("work_item", "month"), name="work_progress_once"),
        ),
        migrations.AddConstraint(
            model_name="workitemprogress",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="work_progress_by_month"
            ),
        ),
    ]
