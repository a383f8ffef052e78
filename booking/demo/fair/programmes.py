"""The programmes of the fair release, each released in its own way. Those that are simply open accept a woman of 31."""

from typing import Any

from accounts.models import Sex
from booking.demo.programmes import MAKER, DemoProgramme
from booking.models import ReleaseMode


def _programme(code: str, vaccine: tuple[str, str], name: tuple[str, str], **fields: Any) -> DemoProgramme:
    return DemoProgramme(
        code,
        {"name": vaccine[0], "name_en": vaccine[1], "manufacturer": MAKER},
        {"name": name[0], "name_en": name[1], **fields},
    )


_FOR_HPV: dict[str, Any] = {"doses": 2, "intervals": [180], "min_age": 9, "max_age": 45, "sex": Sex.FEMALE}

# By cohort; open until it is set.
PNEUMONIA = _programme(
    "ppv23",
    ("23 价肺炎球菌多糖疫苗", "23-valent pneumococcal vaccine"),
    ("肺炎疫苗接种（60 岁以上）", "Pneumococcal vaccination (60 and over)"),
    min_age=60,
)
ZOSTER = _programme(
    "zoster",
    ("重组带状疱疹疫苗", "Recombinant zoster vaccine"),
    ("带状疱疹疫苗接种", "Shingles vaccination"),
    doses=2, intervals=[60], min_age=50, release_mode=ReleaseMode.INVITATION,
)  # fmt: skip
DRAWN = _programme(
    "hpv-4",
    ("四价人乳头瘤病毒疫苗", "4-valent HPV vaccine"),
    ("四价 HPV 疫苗接种", "HPV vaccination (4-valent)"),
    **_FOR_HPV, release_mode=ReleaseMode.DRAW,
)  # fmt: skip
# Sold out, with a queue for its next release and a waitlist.
QUEUED = _programme(
    "hpv-2",
    ("双价人乳头瘤病毒疫苗", "2-valent HPV vaccine"),
    ("双价 HPV 疫苗接种", "HPV vaccination (2-valent)"),
    **_FOR_HPV,
)  # fmt: skip
SERIES = _programme(
    "hepatitis-b",
    ("重组乙型肝炎疫苗", "Hepatitis B vaccine"),
    ("乙肝疫苗接种", "Hepatitis B vaccination"),
    doses=3, intervals=[30, 150], min_age=16, kept_for_later_doses=10,
)  # fmt: skip
FAIR_PROGRAMMES = (PNEUMONIA, ZOSTER, DRAWN, QUEUED, SERIES)
