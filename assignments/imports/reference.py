"""The sheets of the reference tables of this floor: the motto, the norms, the times to answer, the days off."""

from assignments.fact_words import FactForm, FactGrain, FactGroup
from assignments.models import (
    AnswerNorm,
    AssignmentScheme,
    Duty,
    DutyNorm,
    FactKind,
    Holiday,
    Rung,
    Term,
    TopicBody,
)
from assignments.topics import DutyGroup, Tier, Topic, VisitKind
from portal.imports.reference import Kept, OneRow, ReferenceResource, column, one_of
from portal.levels import Level, OrgKind
from portal.sheets.widgets import CROSS, DAY, LAST_DAY, WHOLE

SINCE, UNTIL, SOURCE, CONFIRMED = "Áp dụng từ ngày", "Đến hết ngày", "Văn bản, nguồn", "Đã xác nhận"
TIER, LEVEL, RULE = "Cấp của cán bộ", "Cấp của địa bàn", "Quy tắc phân công"


class HolidaySheet(ReferenceResource):
    day = column("day", "Ngày nghỉ", DAY)
    name = column("name", "Tên ngày nghỉ")
    is_worked = column("is_worked", "Làm bù", CROSS)
    source = column("source", SOURCE)
    is_confirmed = column("is_confirmed", CONFIRMED, CROSS)

    class Meta(Kept):
        model = Holiday
        fields = ("day", "name", "is_worked", "source", "is_confirmed")
        import_id_fields = ("day",)


class AnswerNormSheet(ReferenceResource):
    level = column("level", "Cấp giải quyết", one_of(Level))
    working_days = column("working_days", "Số ngày làm việc", WHOLE)
    since = column("since", SINCE, DAY)
    until = column("until", UNTIL, LAST_DAY)
    source = column("source", SOURCE)
    is_confirmed = column("is_confirmed", CONFIRMED, CROSS)

    class Meta(Kept):
        model = AnswerNorm
        fields = ("level", "working_days", "since", "until", "source", "is_confirmed")
        import_id_fields = ("level", "since")


class TopicBodySheet(ReferenceResource):
    topic = column("topic", "Lĩnh vực", one_of(Topic))
    level = column("level", "Cấp giải quyết", one_of(Level))
    words = column("words", "Tên cơ quan có chữ")
    since = column("since", SINCE, DAY)
    until = column("until", UNTIL, LAST_DAY)
    source = column("source", SOURCE)
    is_confirmed = column("is_confirmed", CONFIRMED, CROSS)

    class Meta(Kept):
        model = TopicBody
        fields = ("topic", "level", "words", "since", "until", "source", "is_confirmed")
        import_id_fields = ("topic", "level", "since")


class DutyNormSheet(ReferenceResource):
    tier = column("tier", TIER, one_of(Tier))
    level = column("level", LEVEL, one_of(Level))
    kind = column("kind", "Hình thức đi cơ sở", one_of(VisitKind))
    per_month = column("per_month", "Số lần một tháng", WHOLE)
    since = column("since", SINCE, DAY)
    until = column("until", UNTIL, LAST_DAY)
    source = column("source", SOURCE)
    is_confirmed = column("is_confirmed", CONFIRMED, CROSS)

    class Meta(Kept):
        model = DutyNorm
        fields = ("tier", "level", "kind", "per_month", "since", "until", "source", "is_confirmed")
        import_id_fields = ("tier", "level", "kind", "since")


class AssignmentSchemeSheet(ReferenceResource):
    """Its document is chosen on the page of the row, as numbers of documents may repeat."""

    name = column("name", RULE)
    since = column("since", SINCE, DAY)
    until = column("until", UNTIL, LAST_DAY)
    source = column("source", SOURCE)

    class Meta(Kept):
        model = AssignmentScheme
        fields = ("name", "since", "until", "source")
        import_id_fields = ("name",)


class RungSheet(ReferenceResource):
    scheme = column("scheme", RULE, OneRow(AssignmentScheme.objects.all, "name"))
    tier = column("tier", TIER, one_of(Tier))
    level = column("level", LEVEL, one_of(Level))
    must_cover = column("must_cover", "Phải có người theo dõi", CROSS)

    class Meta(Kept):
        model = Rung
        fields = ("scheme", "tier", "level", "must_cover")
        import_id_fields = ("scheme", "tier", "level")


class DutySheet(ReferenceResource):
    """To be read only: the wording is confirmed by an organiser, on a page of its own."""

    code = column("code", "Mã nhiệm vụ")
    group = column("group", "Nhóm nhiệm vụ", one_of(DutyGroup))
    label = column("label", "Nội dung")
    since = column("since", SINCE, DAY)
    until = column("until", UNTIL, LAST_DAY)
    source = column("source", SOURCE)

    class Meta(Kept):
        model = Duty
        fields = ("code", "group", "label", "since", "until", "source")
        import_id_fields = ("code", "since")


class FactKindSheet(ReferenceResource):
    code = column("code", "Mã số liệu")
    group = column("group", "Nhóm số liệu", one_of(FactGroup))
    position = column("position", "Thứ tự", WHOLE)
    label = column("label", "Nội dung")
    form = column("form", "Cách nhập", one_of(FactForm))
    grain = column("grain", "Tính theo", one_of(FactGrain))
    for_cells = column("for_cells", "Hỏi chi bộ", CROSS)
    for_committees = column("for_committees", "Hỏi cấp ủy", CROSS)
    persons = column("persons", "Là số người", CROSS)
    since = column("since", SINCE, DAY)
    until = column("until", UNTIL, LAST_DAY)
    source = column("source", SOURCE)
    is_confirmed = column("is_confirmed", CONFIRMED, CROSS)

    class Meta(Kept):
        model = FactKind
        fields = ("code", "group", "position", "label", "form", "grain", "for_cells", "for_committees", "persons",
                  "since", "until", "source", "is_confirmed")  # fmt: skip
        import_id_fields = ("code", "since")


class TermSheet(ReferenceResource):
    org_kind = column("org_kind", "Loại tổ chức đảng", one_of(OrgKind))
    label = column("label", "Nhiệm kỳ")
    since = column("since", SINCE, DAY)
    until = column("until", UNTIL, LAST_DAY)
    source = column("source", SOURCE)
    is_confirmed = column("is_confirmed", CONFIRMED, CROSS)

    class Meta(Kept):
        model = Term
        fields = ("org_kind", "label", "since", "until", "source", "is_confirmed")
        import_id_fields = ("org_kind", "label")
