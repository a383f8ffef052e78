"""The citizens' pages."""

from django.urls import include, path

from booking.web import frame, home

urlpatterns = [
    path("", home.home, name="home"),
    path("text-size/", frame.text_size, name="text_size"),
    path("text-size/<slug:size>/", frame.set_text_size, name="set_text_size"),
    path("language/<slug:code>/", frame.set_language, name="set_language"),
    path("", include("booking.web.public.urls")),
    path("", include("booking.web.journey.urls")),
    path("", include("booking.web.queue.urls")),
    path("", include("booking.web.appointments.urls")),
    path("", include("booking.web.me.urls")),
    path("", include("booking.web.waitlist.urls")),
    path("", include("booking.web.draws.urls")),
    path("", include("booking.web.invitations.urls")),
    path("", include("booking.web.desk.urls")),
    path("", include("booking.web.screen.urls")),
]
