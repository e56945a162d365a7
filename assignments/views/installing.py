"""What a browser asks for before it puts the portal on the phone's first screen, and lets it open without a signal.

Neither says anything of anybody: both are the same for all, signed in or not.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

WORKER = settings.HOME / "static" / "offline_worker.js"


def manifest(request: HttpRequest) -> JsonResponse:
    icons = [
        {
            "src": static(f"icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any",
        }
        for size in (192, 512)
    ]
    icon = {"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    told = {
        "name": _("Gần Dân"),
        "short_name": _("Gần Dân"),
        "lang": "vi",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f2ea",
        "theme_color": "#0a423f",
        "icons": [icon, *icons],
    }
    return JsonResponse(told, content_type="application/manifest+json")


def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, as a worker may only stand in for addresses below its own; asked for anew at every visit."""
    script = WORKER.read_text().replace("%PAGE%", reverse("assignments:offline"))
    script = script.replace("%DAYS%", str(settings.OFFLINE_DAYS))
    answer = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
