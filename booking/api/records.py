"""Doses received."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.views import PRIVATE
from accounts.masking import masked_name
from booking.api import representation
from booking.api.appointments import BookingView
from booking.api.serializers import BookedPatientOut, SiteOut
from booking.queries.records import DoseReceived, doses_received


class RecordOut(serializers.Serializer):
    """A dose; `batch` and `manufacturer` are empty where they were not recorded."""

    patient = BookedPatientOut()
    reference = serializers.RegexField(r"^[0-9]{12}$")
    programme = serializers.CharField()
    programme_name = serializers.CharField()
    vaccine_name = serializers.CharField()
    manufacturer = serializers.CharField(allow_blank=True)
    dose = serializers.IntegerField()
    given_on = serializers.DateField()
    batch = serializers.CharField(allow_blank=True)
    site = SiteOut()


class RecordList(serializers.Serializer):
    results = RecordOut(many=True)
    next = serializers.URLField(allow_null=True)


class RecordsView(BookingView):
    @extend_schema(operation_id="records_list", responses={200: RecordList, **problems(401)})
    def get(self, request: Request) -> Response:
        """The doses that your patients have received, latest first."""
        found = [_shown(dose, self.language) for dose in doses_received(self.signed_in(request))]
        return Response({"results": found, "next": None}, headers=PRIVATE)


def _shown(dose: DoseReceived, language: str) -> dict[str, object]:
    facts, english = dose.appointment, language == "en"
    return {
        "patient": {"id": str(facts.patient_id), "name_masked": masked_name(facts.patient_name)},
        "reference": facts.reference,
        "programme": facts.programme_code,
        "programme_name": facts.programme_name_en if english else facts.programme_name,
        "vaccine_name": dose.vaccine_name_en if english else dose.vaccine_name,
        "manufacturer": dose.manufacturer,
        "dose": facts.dose,
        "given_on": dose.given_on.isoformat(),
        "batch": dose.batch,
        "site": representation.site(facts.site, language),
    }
