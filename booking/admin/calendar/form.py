"""The form beside a site's week: cells that were ticked, and the numbers they shall have."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.models import Slot
from booking.operations.quotas.each_cell import Cell
from booking.operations.quotas.set_cells import CellChange
from booking.operations.quotas.undo_cells import SavedEvents
from sites.models import Site

# More is a bulk change, with a preview.
MOST_CELLS = 500


def _number(label: Any) -> forms.IntegerField:
    wrong = gettext_lazy("请填 0 到 100000 的整数。")
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=100_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
    )


class NumbersForm(forms.Form):
    """Empty fields leave a number as it is."""

    quota = _number(gettext_lazy("每个时段可约几人"))
    kept_walk_in = _number(gettext_lazy("留给现场"))
    kept_community = _number(gettext_lazy("留给社区"))
    kept_doses = _number(gettext_lazy("留给后续剂次"))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and all(value is None for value in found.values()):
            raise forms.ValidationError(_("请至少填一个数。不填的保持原样。"))
        return found

    def changes(self, cells: Sequence[Cell]) -> list[CellChange]:
        """The same numbers for each cell."""
        return [CellChange(cell.slot_id, cell.seen_event, **self.cleaned_data) for cell in cells]


def posted_cells(request: HttpRequest, site: Site) -> list[Cell]:
    """The ticked cells with the versions that were shown. Slots of other sites, and what is no cell, are not there."""
    try:
        pairs = {int(slot): int(event) for slot, event in (text.split("-") for text in request.POST.getlist("cell"))}
    except ValueError:
        raise Http404 from None
    most = 2**63 - 1
    if any(not 0 <= number <= most for pair in pairs.items() for number in pair):
        raise Http404
    if len(pairs) <= MOST_CELLS and Slot.objects.standing().filter(site=site, pk__in=list(pairs)).count() < len(pairs):
        raise Http404
    return [Cell(slot, event) for slot, event in pairs.items()]


def what_is_wrong(cells: Sequence[Cell]) -> str:
    """Why nothing can be done with these cells, empty if something can."""
    if not cells:
        return _("请先选时段：点一下日历里的格子。")
    if len(cells) > MOST_CELLS:
        return _("一次最多 %(most)d 个时段。再多请用“设置号源数”，先预览再执行。") % {"most": MOST_CELLS}
    return ""


def saved_events(text: str) -> SavedEvents | None:
    """The save that an address or a form names, None if it names none."""
    first, _dash, last = text.partition("-")
    if not (first.isdecimal() and last.isdecimal() and len(text) < 40):
        return None
    return SavedEvents(int(first), int(last))
