"""The pages of whom a citizen books for: the list, adding, changing, removing with an undo."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.ages import age_on, months_on
from accounts.hand_overs import handed_over_since, may_be_handed_over
from accounts.masking import masked_phone
from accounts.models import Patient
from accounts.patients import (
    MOST_PATIENTS,
    NoSuchPatient,
    PatientExists,
    TooManyPatients,
    add_patient,
    change_patient,
    own_patient,
    patients_of,
    recently_removed,
    remove_patient,
    restore_patient,
)
from accounts.web.family_forms import AddPerson, EditPerson

# What the layer above knows of the city: codes and names of its districts.
Districts = Callable[[], list[tuple[str, str]]]
_TELL_HAND_OVERS = timedelta(days=7)


def private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For signed-in citizens only, and never kept by a browser or a cache."""
    return never_cache(login_required(view))


def next_of(request: HttpRequest) -> str:
    """Where the citizen came from, if that is a page of ours; else empty."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure())
    return wanted if ours else ""


def age_in_words(patient: Patient) -> str:
    """62 岁; of a baby, 8 个月."""
    today = timezone.localdate()
    years = age_on(patient.birth_date, today)
    if years < 1:
        months = months_on(patient.birth_date, today)
        return ngettext("%(count)d 个月", "%(count)d 个月", months) % {"count": months}
    return ngettext("%(count)d 岁", "%(count)d 岁", years) % {"count": years}


def shown(patient: Patient) -> dict[str, Any]:
    """A person as the list shows them: of the number only its end."""
    return {
        "id": patient.pk,
        "name": patient.name,
        "relation": patient.get_relation_display(),
        "age": age_in_words(patient),
        "document": patient.get_document_type_display(),
        "last_four": str(patient.document_number)[-4:],
    }


@private
@require_http_methods(["GET", "HEAD"])
def family(request: HttpRequest, districts: Districts) -> HttpResponse:
    """Whom you book for."""
    user_id, now = _account(request), timezone.now()
    people = [shown(patient) for patient in patients_of(user_id)]
    changed = {name: request.GET.get(name, "") for name in ("added", "changed", "taken", "restored")}
    context = {
        "people": people,
        "removed": recently_removed(user_id, now=now),
        "handed_over": handed_over_since(user_id, now - _TELL_HAND_OVERS),
        "most": MOST_PATIENTS,
        "full": len(people) >= MOST_PATIENTS,
        # Only of people on the list: an address made up by somebody else says nothing.
        "done": {name: person["name"] for name, of in changed.items() for person in people if str(person["id"]) == of},
        "no_room": "no-room" in request.GET,
        "minutes": settings.UNDO_SECONDS // 60,
    }
    return render(request, "accounts/family.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: HttpRequest, districts: Districts) -> HttpResponse:
    """Add somebody, and go back where the citizen came from."""
    user_id, now, back = _account(request), timezone.now(), next_of(request)
    form = AddPerson(
        request.POST if request.method == "POST" else None,
        districts=districts(),
        now=now,
        initial={"document_type": "resident_id"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            added = add_patient(user_id=user_id, now=now, **form.cleaned_data)
            return HttpResponseRedirect(back or f"{reverse('family')}?added={added.pk}")
        except PatientExists:
            form.add_error("document_number", _("这位家人已经在您的名单里，不用再添加。"))
        except TooManyPatients:
            form.add_error(None, _("最多添加 %(most)d 位。请先移除一位。") % {"most": MOST_PATIENTS})
    return render(request, "accounts/add_person.html", {"form": form, "next": back, "back": back or reverse("family")})


@private
@require_http_methods(["GET", "HEAD", "POST"])
def edit_person(request: HttpRequest, patient_id: UUID, districts: Districts) -> HttpResponse:
    """Change name, relation, district or phone."""
    user_id, patient, back = _account(request), _own(request, patient_id), next_of(request)
    phone = masked_phone(str(patient.phone)) if patient.phone else ""
    form = EditPerson(
        request.POST if request.method == "POST" else None, districts=districts(), patient=patient, shown_phone=phone
    )
    if request.method == "POST" and form.is_valid():
        change_patient(user_id=user_id, patient_id=patient_id, changes=form.changes())
        return HttpResponseRedirect(back or f"{reverse('family')}?changed={patient_id}")
    context = {
        "form": form,
        "person": shown(patient),
        "next": back,
        "back": back or reverse("family"),
        "grown_up": may_be_handed_over(patient, now=timezone.now()),
    }
    return render(request, "accounts/edit_person.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def remove_person(request: HttpRequest, patient_id: UUID, districts: Districts) -> HttpResponse:
    """Say what removing means, and do it when confirmed."""
    patient = _own(request, patient_id)
    if request.method == "POST":
        remove_patient(user_id=_account(request), patient_id=patient_id, now=timezone.now())
        return HttpResponseRedirect(reverse("family"))
    context = {"person": shown(patient), "minutes": settings.UNDO_SECONDS // 60}
    return render(request, "accounts/remove_person.html", context)


@private
@require_POST
def restore_person(request: HttpRequest, patient_id: UUID, districts: Districts) -> HttpResponse:
    """Take a removal back."""
    try:
        restored = restore_patient(user_id=_account(request), patient_id=patient_id, now=timezone.now())
    except NoSuchPatient:
        raise Http404 from None
    except PatientExists as there:
        return HttpResponseRedirect(f"{reverse('family')}?restored={there.patient_id}")
    except TooManyPatients:
        return HttpResponseRedirect(f"{reverse('family')}?no-room")
    return HttpResponseRedirect(f"{reverse('family')}?restored={restored.pk}")


def _account(request: HttpRequest) -> int:
    return int(request.user.pk or 0)


def _own(request: HttpRequest, patient_id: UUID) -> Patient:
    try:
        return own_patient(_account(request), patient_id)
    except NoSuchPatient:
        raise Http404 from None
