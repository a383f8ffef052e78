"""What was booked: the list, one with its QR code, cancelling, and looking up without an account."""

from django.urls import path

from booking.web.not_yet import not_yet

urlpatterns = [
    path("appointments/", not_yet, name="my_appointments"),
    path("appointments/<reference:reference>/", not_yet, name="appointment"),
    path("appointments/<reference:reference>/cancel/", not_yet, name="cancel_appointment"),
    path("look-up/", not_yet, name="look_up"),
]
