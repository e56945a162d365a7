"""Which columns are never taken, whatever the sheet? Identity, age, poverty, faith, health, discipline.

Asked with a column's heading; their cells are left behind before anything else sees a row.
"""

import re

from portal.vietnamese import fold_words

# Of folded words. Each line is one ground for leaving a column behind.
FORBIDDEN = tuple(
    re.compile(rf"\b(?:{pattern})\b")
    for pattern in (
        r"cccd|cmnd|cmtnd|cmt|can cuoc|dinh danh|chung minh nhan dan|so chung minh|chung minh thu|ho chieu|id",
        r"so the|ma so thue|so tai khoan|bhyt|bhxh|bao hiem",
        r"(?:nam|ngay|ngay thang nam|ngay thang|thang) sinh(?! hoat)|sinh (?:nam|ngay)|tuoi|do tuoi|ngay thang nam",
        r"(?:can )?ngheo|dien ho|dien chinh sach|ho chinh sach|doi tuong|thu nhap|hoan canh",
        r"dan toc|ton giao",
        r"suc khoe|khuyet tat|tan tat|benh|benh tat|thai san",
        r"(?:nhan|so|ho) khau|nhan than|hon nhan|thanh phan gia dinh",
        r"ly do nghi|ky luat|vi pham|tien an|tien su",
        r"religion|ethnic(?:ity)?|birth(?:day| ?date| year)?|date of birth|age|poverty|poor|health|disability",
    )
)


def is_personal(heading: str) -> bool:
    folded = fold_words(heading)
    return any(pattern.search(folded) for pattern in FORBIDDEN)
