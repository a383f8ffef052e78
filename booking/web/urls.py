"""The citizens' pages."""

from django.urls import path

from booking.web import frame, home

urlpatterns = [
    path("", home.home, name="home"),
    path("text-size/", frame.text_size, name="text_size"),
    path("text-size/<slug:size>/", frame.set_text_size, name="set_text_size"),
    path("language/<slug:code>/", frame.set_language, name="set_language"),
]
