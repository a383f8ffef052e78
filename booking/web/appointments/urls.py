"""What was booked: the list, one with its QR code, cancelling, and looking up without an account."""

from django.urls import path

from booking.web.appointments import cancelling, looking_up, mine, one, relocating

urlpatterns = [
    path("appointments/", mine.my_appointments, name="my_appointments"),
    path("appointments/<reference:reference>/", one.appointment, name="appointment"),
    path("appointments/<reference:reference>/calendar.ics", one.calendar, name="appointment_calendar"),
    path("appointments/<reference:reference>/cancel/", cancelling.cancel_appointment, name="cancel_appointment"),
    path("appointments/<reference:reference>/restore/", cancelling.restore_appointment, name="restore_appointment"),
    path("appointments/<reference:reference>/accept/", relocating.accept_relocation, name="accept_relocation"),
    path("appointments/<reference:reference>/decline/", relocating.decline_relocation, name="decline_relocation"),
    path("look-up/", looking_up.look_up, name="look_up"),
]
