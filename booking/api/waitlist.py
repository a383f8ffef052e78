"""Waiting for a place or a leftover dose, and answering when one is offered."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.views import KEY, PRIVATE
from accounts.masking import masked_name
from booking.api import representation
from booking.api.appointments import BookingView
from booking.api.serializers import AppointmentOut, BookedPatientOut, SiteOut
from booking.operations.waitlist.accept import accept
from booking.operations.waitlist.decline import decline
from booking.operations.waitlist.join import join
from booking.operations.waitlist.leave import leave
from booking.queries.moments import moment
from booking.queries.waitlist import LEFTOVER, PLACE, EntryFacts, OfferFacts, entries_of, offers_of
from booking.queries.waitlist_line import before
from booking.rules.freed_places import MOST_COMPANIONS
from booking.rules.hours import PARTS_OF_DAY
from booking.rules.leftovers import last_day

STATES = ("pending", "accepted", "declined", "expired", "withdrawn")
_MOST_PLACES = 10


class EntryIn(serializers.Serializer):
    """Sites and districts by their codes; with neither any site of the city would do.

    `days` are weekdays, 1 for Monday to 7; without days or parts of the day any would do. With `companions`, others of
    your people, places are wanted together: you are offered as many as you are, or none.
    """

    programme = serializers.SlugField(max_length=40)
    patient = serializers.UUIDField()
    sites = serializers.ListField(child=serializers.CharField(max_length=20), required=False, max_length=_MOST_PLACES)
    districts = serializers.ListField(
        child=serializers.CharField(max_length=6), required=False, max_length=_MOST_PLACES
    )
    days = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=7), required=False, max_length=7)
    parts_of_day = serializers.ListField(
        child=serializers.ChoiceField(PARTS_OF_DAY), required=False, max_length=len(PARTS_OF_DAY)
    )
    companions = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=MOST_COMPANIONS)
    until = serializers.DateField(help_text="From today to four weeks ahead.")
    takes_leftovers = serializers.BooleanField(required=False, default=True)

    def validate_until(self, value: date) -> date:
        today = timezone.localdate()
        if not today <= value <= last_day(today):
            raise serializers.ValidationError(_("候补到今天以后 28 天之内的一天。"))
        return value


class EntryOut(serializers.Serializer):
    id = serializers.UUIDField()
    programme = serializers.CharField()
    programme_name = serializers.CharField()
    patient = BookedPatientOut()
    sites = serializers.ListField(child=serializers.CharField())
    districts = serializers.ListField(child=serializers.CharField())
    days = serializers.ListField(child=serializers.IntegerField())
    parts_of_day = serializers.ListField(child=serializers.CharField())
    companions = BookedPatientOut(many=True)
    takes_leftovers = serializers.BooleanField()
    until = serializers.DateField()
    joined_at = serializers.DateTimeField()
    before = serializers.IntegerField(
        allow_null=True,
        help_text="How many of those whose wishes meet yours come before you now; 1000 means that many or more.",
    )


class EntryList(serializers.Serializer):
    results = EntryOut(many=True)
    next = serializers.URLField(allow_null=True)


class OfferOut(serializers.Serializer):
    """A freed place, or a leftover dose of today. `come_by`: when whoever accepts is to be at the site.

    Of a place, `starts_at` and `ends_at` are the slot's; it is for the patient and all who come along.
    """

    id = serializers.UUIDField()
    entry = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=(PLACE, LEFTOVER))
    state = serializers.ChoiceField(choices=STATES)
    programme = serializers.CharField()
    programme_name = serializers.CharField()
    patient = BookedPatientOut()
    site = SiteOut()
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    come_by = serializers.DateTimeField()
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    companions = serializers.ListField(child=serializers.CharField(), help_text="Names, masked.")
    appointment = serializers.RegexField(r"^[0-9]{12}$", allow_null=True)


class OfferList(serializers.Serializer):
    results = OfferOut(many=True)
    next = serializers.URLField(allow_null=True)


class WaitlistView(BookingView):
    @extend_schema(operation_id="waitlist_list", responses={200: EntryList, **problems(401)})
    def get(self, request: Request) -> Response:
        """What your people wait for, oldest first."""
        now = timezone.now()
        found = entries_of(self.signed_in(request), now=now)
        return Response({"results": _entries(found, self.language, now=now), "next": None}, headers=PRIVATE)

    @extend_schema(
        operation_id="waitlist_create",
        parameters=[KEY],
        request=EntryIn,
        responses={201: EntryOut, **problems(400, 401, 404, 409, 413, 415, 422)},
    )
    def post(self, request: Request) -> Response:
        """Wait for a place, and for leftover doses unless you do not want them.

        Whoever waits already keeps their turn, and their wish becomes this one.
        """
        wanted = EntryIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        asked, account_id, now = dict(wanted.validated_data), self.signed_in(request), timezone.now()
        patient_id = asked.pop("patient")

        def act() -> dict[str, Any]:
            joined = join(account_id=account_id, patient_id=patient_id, now=now, **asked)
            return _entries([joined], self.language, now=now)[0]

        return self.once(request, act, status=201)


class EntryView(BookingView):
    @extend_schema(responses={204: None, **problems(401, 404)})
    def delete(self, request: Request, entry_id: UUID) -> Response:
        """Wait no longer; an open offer is declined by it."""
        leave(account_id=self.signed_in(request), entry_id=entry_id, now=timezone.now())
        return Response(status=204)


class OffersView(BookingView):
    @extend_schema(operation_id="offers_list", responses={200: OfferList, **problems(401)})
    def get(self, request: Request) -> Response:
        """What you were offered today, newest first."""
        found = offers_of(self.signed_in(request), now=timezone.now())
        return Response({"results": [_offer(one, self.language) for one in found], "next": None}, headers=PRIVATE)


class AcceptView(BookingView):
    @extend_schema(
        parameters=[KEY],
        request=None,
        responses={200: AppointmentOut, **problems(400, 401, 404, 409, 413, 415, 422, 503)},
    )
    def post(self, request: Request, offer_id: UUID) -> Response:
        """Take it; the answer is the patient's appointment, however often it is asked for."""
        account_id, now = self.signed_in(request), timezone.now()
        return self.once(request, lambda: self.shown(accept(account_id=account_id, offer_id=offer_id, now=now)))


class DeclineView(BookingView):
    @extend_schema(
        parameters=[KEY], request=None, responses={200: OfferOut, **problems(400, 401, 404, 409, 413, 415, 422)}
    )
    def post(self, request: Request, offer_id: UUID) -> Response:
        """Let it go to the next person; you keep your turn."""
        account_id, now = self.signed_in(request), timezone.now()

        def act() -> dict[str, Any]:
            return _offer(decline(account_id=account_id, offer_id=offer_id, now=now), self.language)

        return self.once(request, act)


def _of(facts: EntryFacts | OfferFacts, language: str) -> dict[str, Any]:
    name = facts.programme_name_en if language == "en" and facts.programme_name_en else facts.programme_name
    return {
        "programme": facts.programme_code,
        "programme_name": name,
        "patient": {"id": str(facts.patient_id), "name_masked": masked_name(facts.patient_name)},
    }


def _entries(found: Sequence[EntryFacts], language: str, *, now: datetime) -> list[dict[str, Any]]:
    line = before([one.entry_id for one in found], now=now)
    return [_entry(one, language, line.get(one.entry_id)) for one in found]


def _entry(facts: EntryFacts, language: str, line: int | None) -> dict[str, Any]:
    return {
        "id": str(facts.entry_id),
        **_of(facts, language),
        "sites": [site.code for site in facts.sites],
        "districts": [district.code for district in facts.districts],
        "days": list(facts.days),
        "parts_of_day": list(facts.parts_of_day),
        "companions": [{"id": str(pk), "name_masked": masked_name(name)} for pk, name in facts.companions],
        "takes_leftovers": facts.takes_leftovers,
        "until": facts.until.isoformat(),
        "joined_at": moment(facts.joined_at),
        "before": line,
    }


def _offer(facts: OfferFacts, language: str) -> dict[str, Any]:
    return {
        "id": str(facts.offer_id),
        "entry": str(facts.entry_id),
        "kind": facts.kind,
        "state": facts.state,
        **_of(facts, language),
        "site": representation.site(facts.site, language),
        "made_at": moment(facts.made_at),
        "expires_at": moment(facts.expires_at),
        "come_by": moment(facts.come_by),
        "starts_at": moment(facts.starts_at) if facts.starts_at else None,
        "ends_at": moment(facts.ends_at) if facts.ends_at else None,
        "companions": [masked_name(name) for name in facts.companions],
        "appointment": facts.reference,
    }
