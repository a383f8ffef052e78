"""The form of a wish: where, on which days, at what time of day, for how long, and who comes along."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from booking.queries.patients import PatientFacts
from booking.queries.waitlist import EntryFacts
from booking.rules.freed_places import MOST_COMPANIONS
from booking.rules.hours import AFTERNOON, MORNING
from booking.rules.leftovers import TRAVEL_MINUTES
from booking.web.journey import words
from sites.queries import SiteRow, districts

CITY = "city"
WEEKS = (1, 2, 4)
Places = Sequence[tuple[str, str]]


class JoinForm(forms.Form):
    """A wish. `where` holds site:CODE, district:CODE or city; no days and no parts of the day mean any."""

    use_required_attribute = False
    where = forms.MultipleChoiceField(
        label=gettext_lazy("愿意去哪里打？"),
        help_text=gettext_lazy("可以选几个。"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("请选愿意去哪里打。")},
    )
    days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("星期几可以？"),
        help_text=gettext_lazy("都不选，就是哪天都行。"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("什么时间可以？"),
        help_text=gettext_lazy("都不选，就是上午下午都行。"),
        required=False,
        choices=[(MORNING, gettext_lazy("上午")), (AFTERNOON, gettext_lazy("下午"))],
        widget=forms.CheckboxSelectMultiple,
    )
    weeks = forms.TypedChoiceField(
        label=gettext_lazy("候补多久？"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选候补多久。")},
    )
    along = forms.MultipleChoiceField(
        label=gettext_lazy("谁一起去？"),
        help_text=gettext_lazy("最多再选 3 位。选了就要同一时间有够多的号才通知。"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    leftovers = forms.BooleanField(required=False)

    def __init__(self, *args: object, places: Places, family: Sequence[PatientFacts], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._choices("where", places)
        self._choices("days", [(number + 1, str(WEEKDAYS[number])) for number in range(7)])
        self._choices("weeks", [(n, ngettext("%(n)d 周", "%(n)d 周", n) % {"n": n}) for n in WEEKS])
        if family:
            self._choices("along", [(str(one.patient_id), one.name) for one in family])
        else:
            del self.fields["along"]
        label = _("也通知当天余苗，接到通知后 %(minutes)d 分钟内能到") % {"minutes": TRAVEL_MINUTES}
        self.fields["leftovers"].label = label

    def _choices(self, name: str, choices: Sequence[tuple[object, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_along(self) -> list[UUID]:
        """Not more than can come."""
        chosen = [UUID(one) for one in self.cleaned_data["along"]]
        if len(chosen) > MOST_COMPANIONS:
            raise forms.ValidationError(_("最多再选 3 位。"))
        return chosen

    def wish(self) -> dict[str, object]:
        """What the operation takes."""
        said = self.cleaned_data
        chosen: dict[str, list[str]] = {"site": [], "district": []}
        for one in said["where"]:
            kind, _colon, code = str(one).partition(":")
            # Whoever would go anywhere need not say where else.
            if CITY not in said["where"]:
                chosen[kind].append(code)
        return {
            "sites": chosen["site"],
            "districts": chosen["district"],
            "days": said["days"],
            "parts_of_day": said["parts"],
            "companions": said.get("along", []),
            "takes_leftovers": said["leftovers"],
            "until": timezone.localdate() + timedelta(weeks=said["weeks"]),
        }


def places_for(patient: PatientFacts, site: SiteRow | None, waits: EntryFacts | None) -> list[tuple[str, str]]:
    """This site and those wished for now; then every district, this site's and the patient's own first; the city."""
    rows: dict[str, str] = {}
    if site is not None:
        rows[f"site:{site.code}"] = _("这个接种点：%(name)s") % {"name": words.named(site)}
    for one in waits.sites if waits else ():
        rows.setdefault(f"site:{one.code}", words.named(one))
    near = [code for code in (site.district if site else "", patient.district) if code]
    for code in [*near, *(row.code for row in districts())]:
        if words.district(code):
            rows.setdefault(f"district:{code}", _("%(name)s的接种点") % {"name": words.district(code)})
    return [*rows.items(), (CITY, _("全市的接种点"))]


def first_choices(waits: EntryFacts | None, places: Places, along: Collection[str]) -> dict[str, object]:
    """What is ticked before anybody has answered: what is wished now, or the first place and those who came along."""
    if waits is None:
        return {"where": [places[0][0]], "weeks": WEEKS[1], "along": list(along), "leftovers": True}
    where = [f"site:{one.code}" for one in waits.sites] + [f"district:{one.code}" for one in waits.districts]
    return {
        "where": where or [CITY],
        "days": list(waits.days),
        "parts": list(waits.parts_of_day),
        "weeks": WEEKS[1],
        "along": [str(patient_id) for patient_id, _name in waits.companions],
        "leftovers": waits.takes_leftovers,
    }
