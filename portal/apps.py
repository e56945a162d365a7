import gc

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PortalConfig(AppConfig):
    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Python looks for forgotten circles after every 700 new objects, which costs a large import a quarter of its
        # time, and a page a tenth, and finds next to none.
        gc.set_threshold(10_000, 10, 10)
        autodiscover_modules("checks")
