"""Invitations of the account's patients. Booking needs none of this: the right is the person's."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.views import PRIVATE
from accounts.masking import masked_name
from booking.api.appointments import BookingView
from booking.api.serializers import BookedPatientOut
from booking.queries.invitations.facts import InvitationFacts, invitations_of
from booking.queries.moments import moment
from booking.rules.invitations import OPEN, OVER, USED


class InvitationOut(serializers.Serializer):
    """`open`: the patient may book until `expires_at`; `used`: they have; `over`: they have not, and it is too late."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=(OPEN, USED, OVER))
    programme = serializers.CharField()
    programme_name = serializers.CharField()
    patient = BookedPatientOut()
    sent_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class InvitationList(serializers.Serializer):
    results = InvitationOut(many=True)
    next = serializers.URLField(allow_null=True)


class InvitationsView(BookingView):
    @extend_schema(operation_id="invitations_list", responses={200: InvitationList, **problems(401)})
    def get(self, request: Request) -> Response:
        """What your people are invited to, the latest first."""
        found = invitations_of(self.signed_in(request), now=timezone.now())
        return Response({"results": [_shown(one, self.language) for one in found], "next": None}, headers=PRIVATE)


def _shown(facts: InvitationFacts, language: str) -> dict[str, Any]:
    name = facts.programme_name_en if language == "en" and facts.programme_name_en else facts.programme_name
    return {
        "id": str(facts.invitation_id),
        "state": facts.state,
        "programme": facts.programme_code,
        "programme_name": name,
        "patient": {"id": str(facts.patient_id), "name_masked": masked_name(facts.patient_name)},
        "sent_at": moment(facts.sent_at),
        "expires_at": moment(facts.expires_at),
    }
