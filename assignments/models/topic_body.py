"""Which body usually answers for a topic at a level: proposed to the office, which chooses another if it is wrong."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.topics import Topic
from portal.levels import Level
from portal.models.spans import Current, NoOverlap, stretch


class TopicBody(models.Model):
    """`words` stand in the name of the body, which bears the same name in every commune."""

    topic = models.CharField(pgettext_lazy("rec", "Topic"), max_length=12, choices=Topic.choices)
    level = models.CharField(_("Level of competence"), max_length=10, choices=Level.choices)
    words = models.CharField(_("Words in the name of the body"), max_length=120)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(_("Source"), max_length=300, blank=True)
    is_confirmed = models.BooleanField(_("Confirmed"), default=False)

    objects = Current.as_manager()

    class Meta:
        verbose_name = _("usual body of a topic")
        verbose_name_plural = _("usual bodies of topics")
        constraints = [
            stretch("topic_body_length"),
            NoOverlap(keys=["topic", "level"], name="topic_body_once"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}, {self.level}: {self.words}"
