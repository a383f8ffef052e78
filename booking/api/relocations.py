"""A citizen's answer to the place that the city chose when it closed a slot."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.views import KEY
from booking.api.appointments import BookingView
from booking.api.serializers import AppointmentOut, RelocationIn
from booking.operations.relocations.answer import accept_relocation, decline_relocation


class RelocationView(BookingView):
    @extend_schema(
        parameters=[KEY],
        request=RelocationIn,
        responses={200: AppointmentOut, **problems(400, 401, 404, 409, 413, 415, 422)},
    )
    def post(self, request: Request, reference: str) -> Response:
        """Accept the place that the city chose, or decline it, which cancels the appointment.

        For another time move the appointment: as long as there is no answer that is free.
        """
        wanted = RelocationIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        act = accept_relocation if wanted.validated_data["answer"] == "accept" else decline_relocation
        account_id, now = self.signed_in(request), timezone.now()
        return self.once(request, lambda: self.shown(act(account_id=account_id, reference=reference, now=now)))
