"""What is told of a draw: where the place is, or why there is none."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.masking import masked_name
from booking.models import DrawEntry, DrawOutcome, Message, MessageKind
from booking.notifications.kinds import Facts, Kind, Placeholder
from booking.notifications.of_appointments import about, is_cancelled
from booking.notifications.placeholders import NAME, PROGRAMME, REFERENCE, SITE, STARTS_AT, both, programme_name

_WHY = Placeholder(
    "why",
    gettext_lazy("结果，未约上时带原因"),
    both("中签了，但约好以前这个时段停诊或没有号了", "was drawn, but the place was closed or gone by then"),
)
_NEXT = Placeholder(
    "next",
    gettext_lazy("下一步"),
    both("有下一轮会自动登记，并排在前面。", "If there is a next round, the entry goes along, nearer the front."),
)


def _not_drawn(message: Message, language: str) -> Facts:
    rows = DrawEntry.objects.select_related("draw__programme").defer("draw__seed")
    entry = rows.get(pk=message.key.partition(":")[2])
    return {
        "name": masked_name(message.patient.name if message.patient else ""),
        "programme": programme_name(entry.draw.programme, language),
        "why": _why(entry.outcome),
        "next": _next(entry.outcome),
    }


def _why(outcome: str) -> str:
    if outcome == DrawOutcome.ALREADY_BOOKED:
        return _("中签了，但这一剂已经约好了")
    if outcome == DrawOutcome.NOT_ELIGIBLE:
        return _("中签了，但已不符合接种条件")
    if outcome == DrawOutcome.SLOT_GONE:
        return _("中签了，但约好以前这个时段停诊或没有号了")
    return _("没有中签")


def _next(outcome: str) -> str:
    if outcome in (DrawOutcome.NOT_PLACED, DrawOutcome.SLOT_GONE):
        return _("有下一轮会自动登记，并排在前面。")
    return _("有疑问请打电话。")


def _called_off(message: Message, language: str) -> Facts:
    rows = DrawEntry.objects.select_related("draw__programme").defer("draw__seed")
    entry = rows.get(pk=message.key.partition(":")[2])
    name = masked_name(message.patient.name if message.patient else "")
    return {"programme": programme_name(entry.draw.programme, language), "name": name}


KINDS: dict[str, Kind] = {
    MessageKind.PLACED_BY_DRAW: Kind(
        about, (NAME, PROGRAMME, SITE, STARTS_AT, REFERENCE), ("starts_at", "site", "reference"), is_cancelled
    ),
    MessageKind.NOT_DRAWN: Kind(_not_drawn, (NAME, PROGRAMME, _WHY, _NEXT), ("programme", "why")),
    MessageKind.DRAW_CALLED_OFF: Kind(_called_off, (PROGRAMME, NAME), ("programme",)),
}
