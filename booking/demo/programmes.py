"""The programmes of the demonstration city."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import Sex
from booking.models import Programme, Vaccine


@dataclass(frozen=True, slots=True)
class DemoProgramme:
    """A programme and its vaccine, which share a code; `fields` are those of booking.models.Programme."""

    code: str
    vaccine: dict[str, str]
    fields: dict[str, Any]


MAKER = "演示生物制品有限公司"

INFLUENZA = DemoProgramme(
    "influenza",
    {
        "name": "四价流感病毒裂解疫苗",
        "name_en": "Quadrivalent influenza vaccine",
        "manufacturer": MAKER,
    },
    {"name": "流感疫苗接种", "name_en": "Influenza vaccination", "doses": 1, "min_age": 3, "max_age": 120},
)
COVID_BOOSTER = DemoProgramme(
    "covid-booster",
    {"name": "新冠病毒疫苗（加强）", "name_en": "COVID-19 booster vaccine", "manufacturer": MAKER},
    {
        "name": "新冠疫苗加强接种",
        "name_en": "COVID-19 booster",
        "doses": 2,
        "intervals": [28],
        "min_age": 18,
        "max_age": 120,
    },
)
HPV = DemoProgramme(
    "hpv",
    {"name": "九价人乳头瘤病毒疫苗", "name_en": "9-valent HPV vaccine", "manufacturer": MAKER},
    {
        "name": "九价 HPV 疫苗接种",
        "name_en": "HPV vaccination (9-valent)",
        "doses": 2,
        "intervals": [180],
        "min_age": 9,
        "max_age": 45,
        "sex": Sex.FEMALE,
    },
)
PROGRAMMES = (INFLUENZA, COVID_BOOSTER, HPV)


@transaction.atomic
def load_programmes(all_wanted: Sequence[DemoProgramme] = PROGRAMMES) -> dict[str, Programme]:
    """Add those that are missing, and return all of them by code. Those that exist are left as they are."""
    found = {}
    for wanted in all_wanted:
        vaccine, _ = Vaccine.objects.get_or_create(code=wanted.code, defaults=wanted.vaccine)
        found[wanted.code], _ = Programme.objects.get_or_create(
            code=wanted.code, defaults={"vaccine": vaccine, **wanted.fields}
        )
    return found
