"""A device that is signed out asks by its own key alone whether it is to wipe what it has kept.

The answer is one bit and names nobody: a key that is not known gets the same as one that has nothing to wipe.
"""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from assignments.actions.kept_devices import enter_device, is_to_be_wiped
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.permissions import Permission

# From one address, which may be that of a proxy or of a mobile network before many phones. No key can be guessed.
MOST_ASKED, WHILE = 300, 60


@require_POST
@needs(Permission.VISIT_LOG)
def enter(request: HttpRequest) -> HttpResponse:
    try:
        enter_device(key=request.POST.get("key", ""), by=request.user)
    except RuleBroken as broken:
        return JsonResponse({"why": broken.messages}, status=400)
    return JsonResponse({"state": "entered"})


# Signed out there is neither session nor token, and nothing is changed. A POST keeps the key out of every log.
@csrf_exempt
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    if _asks_too_often(request):
        return JsonResponse({"why": [_("Too many requests. Ask again in a minute.")]}, status=429)
    answer = JsonResponse({"wipe": is_to_be_wiped(request.POST.get("key", ""))})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _asks_too_often(request: HttpRequest) -> bool:
    name = f"lost-phone:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(name, 0, WHILE)
    try:
        return cache.incr(name) > MOST_ASKED
    except ValueError:
        # It has just run out between the two.
        return False
