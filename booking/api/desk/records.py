"""The record of a dose, to be printed at the desk."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.views import PRIVATE
from booking.api.desk.base import DeskView
from booking.models import BodySite, Route
from booking.operations.refusals import NotFound
from booking.queries.desk.record import record_of
from booking.rules.fhir_names import IMMUNIZATION


class RecordOut(serializers.Serializer):
    """What the law asks for. The document number is masked; an empty pack code or manufacturer was not recorded."""

    reference = serializers.RegexField(r"^[0-9]{12}$")
    fhir_status = serializers.ChoiceField(choices=[*IMMUNIZATION.values()])
    name = serializers.CharField()
    document_type = serializers.CharField()
    document_masked = serializers.CharField()
    vaccine = serializers.CharField()
    vaccine_name = serializers.CharField()
    vaccine_name_en = serializers.CharField()
    manufacturer = serializers.CharField(allow_blank=True)
    dose = serializers.IntegerField()
    doses = serializers.IntegerField()
    batch = serializers.CharField()
    expires_on = serializers.DateField()
    pack_code = serializers.CharField(allow_blank=True)
    body_site = serializers.ChoiceField(choices=BodySite.values, allow_blank=True)
    route = serializers.ChoiceField(choices=Route.values, allow_blank=True)
    given_at = serializers.DateTimeField()
    given_by = serializers.CharField()
    site_name = serializers.CharField()
    site_name_en = serializers.CharField(allow_blank=True)
    observe_until = serializers.DateTimeField(allow_null=True)
    next_dose_from = serializers.DateField(allow_null=True)


class RecordView(DeskView):
    @extend_schema(operation_id="desk_record", responses={200: RecordOut, **problems(401, 403, 404)})
    def get(self, request: Request, reference: str) -> Response:
        """The dose that was given on this appointment at the site."""
        found = record_of(self.at(request, request.query_params.get("site")), reference)
        if found is None:
            raise NotFound(what="record")
        return Response(found, headers=PRIVATE)
