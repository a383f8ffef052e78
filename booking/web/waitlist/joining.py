"""Joining: where somebody would come, for how long they wait, and that they can come at once."""

from datetime import timedelta
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from booking.operations.refusals import NotFound, Refusal
from booking.operations.waitlist.join import join
from booking.queries.patients import PatientFacts, patients_with_doses
from booking.queries.programmes import ProgrammeRow
from booking.queries.waitlist import EntryFacts, entries_of
from booking.rules.leftovers import TRAVEL_MINUTES
from booking.web.journey import words
from booking.web.journey.choices import programme_of, wanted_site
from booking.web.me.private import account_of, private
from booking.web.wording import sentence
from sites.queries import SiteRow

_CITY = "city"
_WEEKS = (1, 2, 4)


class JoinForm(forms.Form):
    """A wish. `where` is site:CODE, district:CODE or city."""

    use_required_attribute = False
    where = forms.ChoiceField(
        label=gettext_lazy("愿意去哪里打？"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选愿意去哪里打。")},
    )
    weeks = forms.TypedChoiceField(
        label=gettext_lazy("候补多久？"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选候补多久。")},
    )
    can_come = forms.BooleanField(
        error_messages={"required": gettext_lazy("余苗当天就要打完，来不了就轮不到。能来请勾选。")}
    )

    def __init__(self, *args: object, places: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["where"].choices = places  # type: ignore[attr-defined]
        self.fields["weeks"].choices = [(n, ngettext("%(n)d 周", "%(n)d 周", n) % {"n": n}) for n in _WEEKS]  # type: ignore[attr-defined]
        label = _("接受当天余苗，接到通知后 %(minutes)d 分钟内能到") % {"minutes": TRAVEL_MINUTES}
        self.fields["can_come"].label = label

    def wish(self) -> dict[str, object]:
        """What the operation takes."""
        kind, _colon, code = str(self.cleaned_data["where"]).partition(":")
        places = {"site": "sites", "district": "districts"}.get(kind)
        until = timezone.localdate() + timedelta(weeks=self.cleaned_data["weeks"])
        return {"until": until, **({places: [code]} if places else {})}


@private("GET", "POST")
def join_waitlist(request: HttpRequest, patient_id: UUID, programme: str) -> HttpResponse:
    """Ask for the wish and note it; whoever waits already changes theirs and keeps their turn."""
    account_id, now = account_of(request), timezone.now()
    patient, kind, site = _patient(account_id, patient_id), programme_of(programme), wanted_site(request)
    waits = next(
        (
            one
            for one in entries_of(account_id, now=now)
            if one.patient_id == patient_id and one.programme_code == programme
        ),
        None,
    )
    places = _places(patient, site, waits)
    data = request.POST if request.method == "POST" else None
    form = JoinForm(data, places=places, initial={"where": _first_choice(waits, places), "weeks": _WEEKS[1]})
    if request.method == "POST" and form.is_valid():
        try:
            wish = form.wish()
            join(account_id=account_id, patient_id=patient_id, programme=programme, now=now, **wish)  # type: ignore[arg-type]
            return redirect(reverse("my_waitlist") + "?done=joined")
        except NotFound:
            raise Http404 from None
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
    context = {
        "form": form,
        "chosen": _chosen(patient, kind),
        "waits": waits is not None,
        "answer_minutes": settings.LEFTOVER_ANSWER_MINUTES,
        "back": reverse("book_when", args=[patient_id, programme, site.code]) if site else reverse("my_waitlist"),
    }
    return render(request, "booking/waitlist/join.html", context)


def _patient(account_id: int, patient_id: UUID) -> PatientFacts:
    for patient in patients_with_doses(account_id):
        if patient.patient_id == patient_id:
            return patient
    raise Http404


def _chosen(patient: PatientFacts, programme: ProgrammeRow) -> list[dict[str, str]]:
    return [
        {"icon": "person", "text": patient.name, "more": words.relation(patient.relation)},
        {"icon": "vaccine", "text": words.named(programme)},
    ]


def _places(patient: PatientFacts, site: SiteRow | None, waits: EntryFacts | None) -> list[tuple[str, str]]:
    """This site, its district, the patient's own, the whole city; and what is wished now."""
    rows: dict[str, str] = {}
    if site is not None:
        rows[f"site:{site.code}"] = _("这个接种点：%(name)s") % {"name": words.named(site)}
    for code in (site.district if site else "", patient.district):
        if code and words.district(code):
            rows.setdefault(f"district:{code}", _("%(name)s的接种点") % {"name": words.district(code)})
    if waits is not None and len(waits.sites) == 1:
        rows.setdefault(f"site:{waits.sites[0].code}", words.named(waits.sites[0]))
    if waits is not None and len(waits.districts) == 1:
        name = words.named(waits.districts[0])
        rows.setdefault(f"district:{waits.districts[0].code}", _("%(name)s的接种点") % {"name": name})
    return [*rows.items(), (_CITY, _("全市的接种点，住得近的先通知"))]


def _first_choice(waits: EntryFacts | None, places: list[tuple[str, str]]) -> str:
    if waits is None:
        return places[0][0]
    if waits.sites:
        return f"site:{waits.sites[0].code}"
    return f"district:{waits.districts[0].code}" if waits.districts else _CITY
