"""What is told of a dose that is due. The key names the programme and the dose; the link leads to one suggestion."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import signed_ids
from accounts.masking import masked_name
from booking.models import Appointment, Message, MessageKind, OutsideDose, Programme, Status, VaccinationRecord
from booking.notifications.kinds import Facts, Kind, Placeholder
from booking.notifications.placeholders import NAME, PROGRAMME, both, programme_name

# What its links are signed as.
DUE_LINK = "due"

_DOSE = Placeholder("dose", _("第几剂"), both("2"))
_FROM_DAY = Placeholder("from_day", _("哪天起可以打"), both(date(2026, 12, 24)))
_LINK = Placeholder("link", _("链接"), both("https://yimiao.example.gov.cn/due/" + "A" * 28 + "/hpv-9-valent/"))


def _what(message: Message) -> tuple[Programme, int]:
    *_rest, programme, dose = message.key.split(":")
    return Programme.objects.get(pk=int(programme)), int(dose)


def _given_on(message: Message, programme: Programme, dose: int) -> date | None:
    """When the dose was given, here or elsewhere; None if it turns out that it was not."""
    person = message.patient.person if message.patient else None
    of = {"person": person, "dose": dose}
    row = Appointment.objects.filter(programme=programme, status=Status.FULFILLED, **of).select_related("slot").first()
    if row is not None:
        record = VaccinationRecord.objects.filter(appointment=row, status="COMPLETED").first()
        return timezone.localdate(record.given_at if record else row.slot.starts_at)
    elsewhere = OutsideDose.objects.filter(programme=programme, voided_at=None, **of)
    return elsewhere.values_list("given_on", flat=True).first()


def _facts(message: Message, language: str) -> Facts:
    programme, dose = _what(message)
    given_on = _given_on(message, programme, dose - 1) or timezone.localdate(message.created_at)
    assert message.patient is not None
    link = signed_ids.signed(DUE_LINK, message.patient.pk)
    return {
        "name": masked_name(message.patient.name),
        "programme": programme_name(programme, language),
        "dose": str(dose),
        "from_day": given_on + timedelta(days=programme.intervals[dose - 2]),
        "link": f"{settings.PUBLIC_ADDRESS}/due/{link}/{programme.code}/",
    }


def _is_over(message: Message, now: datetime) -> bool:
    """Booked or given meanwhile, or the dose before turned out not to have been given."""
    programme, dose = _what(message)
    person = message.patient.person if message.patient else None
    later = {"person": person, "programme": programme, "dose__gte": dose}
    if Appointment.objects.live().filter(**later).exists():
        return True
    given = OutsideDose.objects.filter(voided_at=None, **later).exists()
    return given or _given_on(message, programme, dose - 1) is None


KINDS: dict[str, Kind] = {
    MessageKind.DOSE_DUE: Kind(_facts, (NAME, PROGRAMME, _DOSE, _FROM_DAY, _LINK), ("link",), _is_over),
}
