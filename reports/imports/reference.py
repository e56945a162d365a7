"""The sheets of the reference tables of this floor: the regulations of the yearly grading and their ceilings."""

from portal.imports.reference import Kept, OneRow, ReferenceResource, column, one_of
from portal.sheets.widgets import CROSS, SHARE, WHOLE
from reports.grades import Base, Grouping, Rounding
from reports.models import ExcellenceCap, GradingScheme

CODE = "Ký hiệu quy định"


class GradingSchemeSheet(ReferenceResource):
    code = column("code", CODE)
    name = column("name", "Tên quy định")
    first_year = column("first_year", "Từ năm", WHOLE)
    last_year = column("last_year", "Đến hết năm", WHOLE)
    source = column("source", "Văn bản, nguồn")

    class Meta(Kept):
        model = GradingScheme
        fields = ("code", "name", "first_year", "last_year", "source")
        import_id_fields = ("code",)


class ExcellenceCapSheet(ReferenceResource):
    scheme = column("scheme", CODE, OneRow(GradingScheme.objects.all, "code"))
    base = column("base", "Tính trên", one_of(Base))
    grouping = column("grouping", "Tính theo", one_of(Grouping))
    percent = column("percent", "Tỷ lệ tối đa (%)", SHARE)
    rounding = column("rounding", "Làm tròn", one_of(Rounding))
    min_one = column("min_one", "Ít nhất một", CROSS)
    source = column("source", "Văn bản, nguồn")
    is_confirmed = column("is_confirmed", "Đã xác nhận", CROSS)

    class Meta(Kept):
        model = ExcellenceCap
        fields = ("scheme", "base", "grouping", "percent", "rounding", "min_one", "source", "is_confirmed")
        import_id_fields = ("scheme", "base", "grouping")
