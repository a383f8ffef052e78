"""The booking part of the JSON API, below /api/v1/."""

from django.urls import path

from booking.api import appointments

urlpatterns = [
    path("holds", appointments.HoldsView.as_view()),
    path("holds/<str:hold_id>", appointments.HoldView.as_view()),
    path("appointments", appointments.appointments),
    path("appointments/<str:reference>", appointments.AppointmentView.as_view()),
    path("appointments/<str:reference>/calendar.ics", appointments.CalendarView.as_view()),
    path("appointments/<str:reference>/qr.svg", appointments.QrView.as_view()),
    path("appointments/<str:reference>/cancel", appointments.CancelView.as_view()),
    path("appointments/<str:reference>/restore", appointments.RestoreView.as_view()),
    path("appointments/<str:reference>/move", appointments.MoveView.as_view()),
]
