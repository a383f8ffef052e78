"""What a save in the calendar did, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.operations.quotas.each_cell import (
    Begun,
    BelowTaken,
    Changed,
    ChangedMeanwhile,
    Outcome,
    Unchanged,
)
from booking.queries.quotas.site_calendar import SlotCell, slot_cells


@dataclass(frozen=True, slots=True)
class Saved:
    """All outcomes of one save, or of taking one back."""

    outcomes: Sequence[Outcome]
    is_undo: bool = False

    @property
    def changed(self) -> list[Changed]:
        """Cells that are different now."""
        return [outcome for outcome in self.outcomes if isinstance(outcome, Changed)]

    @property
    def refused(self) -> list[Outcome]:
        """Cells that are not as was asked for."""
        return [outcome for outcome in self.outcomes if not isinstance(outcome, Changed | Unchanged)]

    @property
    def undo(self) -> str:
        """What names this save when it is taken back; empty if nothing was changed, or was taken back."""
        events = [event for outcome in self.changed for event in outcome.events]
        return f"{min(events)}-{max(events)}" if events and not self.is_undo else ""

    def sentence(self) -> str:
        """ "改了 12 个时段，2 个没改。" """
        if not self.outcomes:
            return _("没有可以撤销的修改了。")
        n, same, left = len(self.changed), len(self.outcomes) - len(self.changed) - len(self.refused), len(self.refused)
        if self.is_undo:
            said = [ngettext("撤销了 %(n)d 个时段的修改", "撤销了 %(n)d 个时段的修改", n) % {"n": n}]
        else:
            said = [ngettext("改了 %(n)d 个时段", "改了 %(n)d 个时段", n) % {"n": n}]
        if same:
            said.append(ngettext("%(n)d 个本来就是这样", "%(n)d 个本来就是这样", same) % {"n": same})
        if left:
            said.append(ngettext("%(n)d 个没改", "%(n)d 个没改", left) % {"n": left})
        return _("，").join(said) + _("。")

    def lines(self, *, now: datetime) -> list[tuple[SlotCell, str]]:
        """Each refused cell as it is now, and why it was refused."""
        why = {outcome.slot_id: outcome for outcome in self.refused}
        return [(cell, reason(why[cell.slot_id])) for cell in slot_cells(list(why), now=now)]


def reason(outcome: Outcome) -> str:
    """Why a cell was not changed, and what to do."""
    if isinstance(outcome, BelowTaken):
        return _("已约 %(taken)d 个，号源数不能比它小。不想再接受预约，请停诊。") % {"taken": outcome.taken}
    if isinstance(outcome, ChangedMeanwhile):
        return _meanwhile(outcome)
    if isinstance(outcome, Begun):
        return _("时间已经到了，不能再改。")
    return _("正有很多人在约，没有改成。请再保存一次。")


def _meanwhile(outcome: ChangedMeanwhile) -> str:
    at = timezone.localtime(outcome.at)
    said = {
        "who": outcome.by_name or _("系统"),
        "at": date_format(at, "H:i") if at.date() == timezone.localdate() else date_format(at, "Y-m-d H:i"),
        "quota": outcome.quota,
    }
    if outcome.is_closed:
        return _("%(who)s 在 %(at)s 改过，现在是停诊，号源 %(quota)d。没有动它，要改请再保存一次。") % said
    return _("%(who)s 在 %(at)s 改过，现在号源是 %(quota)d。没有动它，要改请再保存一次。") % said
