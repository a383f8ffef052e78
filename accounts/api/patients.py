"""The patients of the account that is signed in."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.problems import Problem
from accounts.api.serializers import PatientChange, PatientIn, PatientList, PatientOut, shown
from accounts.api.views import KEY, PRIVATE, ApiView
from accounts.patients import (
    BadPatient,
    NoSuchPatient,
    PatientExists,
    TooManyPatients,
    add_patient,
    change_patient,
    own_patient,
    patients_of,
    remove_patient,
)


class _PatientsView(ApiView):
    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, BadPatient):
            errors = [{"field": field, "message": str(message)} for field, message in exc.mistakes]
            exc = Problem(400, "invalid", _("有内容要改，请看 errors。"), errors=errors)
        elif isinstance(exc, PatientExists):
            words = _("这位接种人已经在您的名单里。")
            exc = Problem(409, "patient_exists", words, patient=str(exc.patient_id))
        elif isinstance(exc, TooManyPatients):
            exc = Problem(409, "too_many_patients", _("最多添加 6 位接种人。请先移除一位。"))
        elif isinstance(exc, NoSuchPatient):
            exc = Problem(404, "not_found", _("没有找到。请检查后再试。"))
        return super().handle_exception(exc)


class PatientsView(_PatientsView):
    @extend_schema(operation_id="patients_list", responses={200: PatientList, **problems(401)})
    def get(self, request: Request) -> Response:
        """Whom you book for."""
        found = [shown(patient) for patient in patients_of(self.signed_in(request))]
        return Response({"results": found, "next": None}, headers=PRIVATE)

    @extend_schema(
        parameters=[KEY], request=PatientIn, responses={201: PatientOut, **problems(400, 401, 409, 413, 415, 422)}
    )
    def post(self, request: Request) -> Response:
        """Add somebody to book for."""
        wanted = PatientIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        # The account is read once here: a token outlives an account that was closed.
        user = request.user.account()  # type: ignore[union-attr]

        def act() -> dict[str, Any]:
            return shown(add_patient(user_id=user.pk, now=timezone.now(), **wanted.validated_data))

        return self.once(request, act, status=201)


class PatientView(_PatientsView):
    @extend_schema(operation_id="patients_retrieve", responses={200: PatientOut, **problems(401, 404)})
    def get(self, request: Request, patient_id: UUID) -> Response:
        """One of them."""
        return Response(shown(own_patient(self.signed_in(request), patient_id)), headers=PRIVATE)

    @extend_schema(request=PatientChange, responses={200: PatientOut, **problems(400, 401, 404, 413, 415)})
    def patch(self, request: Request, patient_id: UUID) -> Response:
        """Change name, relation, phone or district."""
        wanted = PatientChange(data=request.data)
        wanted.is_valid(raise_exception=True)
        changed = change_patient(user_id=self.signed_in(request), patient_id=patient_id, changes=wanted.validated_data)
        return Response(shown(changed), headers=PRIVATE)

    @extend_schema(responses={204: None, **problems(401, 404)})
    def delete(self, request: Request, patient_id: UUID) -> Response:
        """Take somebody off your list; what was booked for them stays."""
        remove_patient(user_id=self.signed_in(request), patient_id=patient_id, now=timezone.now())
        return Response(status=204)
