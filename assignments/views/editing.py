"""Which cadres, places and organisations may this person assign? One reading of reach for every form."""

from datetime import date

from django.db.models import Q, QuerySet

from assignments.access import Reach
from assignments.models import Assignment, Cadre, CadrePost
from assignments.views.narrowing import named, with_hamlets
from portal import places
from portal.levels import CELLS, LEVEL_OF_KIND, Level, PlaceKind
from portal.models import PartyOrgSpan, PlaceSpan
from portal.permissions import Permission

Choices = list[tuple[str, str]]
ROSTER_LEVELS = [Level.PROVINCE, Level.DISTRICT, Level.COMMUNE]


def editable_cadres(reach: Reach) -> QuerySet[Cadre]:
    """On a roster that this person keeps today; or on none any more, and once on such a one."""
    if not reach.may(Permission.ASSIGN):
        return Cadre.objects.none()
    current = CadrePost.objects.current(reach.on)
    here = current.filter(place__in=reach.living(Permission.ASSIGN)).values("cadre")
    once = CadrePost.objects.filter(place__in=reach.place_ids(Permission.ASSIGN)).values("cadre")
    return Cadre.objects.filter(Q(pk__in=here) | Q(pk__in=once) & ~Q(pk__in=current.values("cadre")))


def editable_assignments(reach: Reach) -> QuerySet[Assignment]:
    """Of something in reach, closed places included, or of a cadre whose roster is kept here."""
    return Assignment.objects.filter(
        Q(place__in=reach.place_ids(Permission.ASSIGN))
        | Q(org__in=reach.orgs(Permission.ASSIGN))
        | Q(cadre__in=editable_cadres(reach))
    )


def rosters(reach: Reach) -> list[tuple[int, str]]:
    """The units on whose roster a post may be entered."""
    spans = PlaceSpan.objects.current(reach.on).filter(
        place__in=reach.living(Permission.ASSIGN), place__level__in=ROSTER_LEVELS
    )
    order = {level: rank for rank, level in enumerate(Level)}
    ranked = sorted(
        spans, key=lambda span: (order[LEVEL_OF_KIND[PlaceKind(span.kind)]], bytes(span.sort_key))
    )
    return named(ranked)


def cadre_choices(cadres: QuerySet[Cadre], on: date) -> list[tuple[int, str]]:
    """`Nguyễn Văn A – Công chức, UBND xã`, in the order of given names."""
    posts: dict[int, str] = {}
    for post in CadrePost.objects.current(on).filter(cadre__in=cadres).order_by("since"):
        posts[post.cadre_id] = str(post)
    return [
        (row.pk, f"{row.full_name} – {posts[row.pk]}")
        for row in cadres.order_by("sort_key")
        if row.pk in posts
    ]


def cadres_for(reach: Reach, place_id: int) -> list[tuple[int, str]]:
    """Those on the rosters of the commune, district or province in which a place lies."""
    above = [span.place_id for span in places.path(place_id, reach.on)]
    posts = CadrePost.objects.current(reach.on).filter(place__in=above)
    return cadre_choices(editable_cadres(reach).filter(pk__in=posts.values("cadre")), reach.on)


def target_choices(reach: Reach, roots: list[int]) -> Choices:
    """`place-12` and `org-5`: from these places down, as far as reach goes; below a province only its communes."""
    on, living = reach.on, reach.living(Permission.ASSIGN)
    spans = PlaceSpan.objects.current(on).filter(
        place__in=places.within_any(roots, on), kind__in=kinds_offered(roots, on)
    )
    inside = list(spans.filter(place__in=living))
    offered = [(f"place-{key}", name) for key, name in with_hamlets(inside, on)]
    seats = places.within_any(roots, on)
    cells = PartyOrgSpan.objects.current(on).filter(place__in=seats, kind__in=CELLS)
    cells = cells.filter(place__in=living).order_by("sort_key")
    if any(key for key in roots if places.above(key, on, Level.COMMUNE)):
        offered += [(f"org-{span.org_id}", span.name) for span in cells]
    return offered


def kinds_offered(roots: list[int], on: date) -> list[str]:
    """From a commune down everything; from above only units down to communes, of which there are few enough."""
    in_commune = all(places.above(key, on, Level.COMMUNE) for key in roots)
    return [kind for kind, level in LEVEL_OF_KIND.items() if in_commune or level in {*ROSTER_LEVELS}]
