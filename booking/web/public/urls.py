"""Pages that are the same for everybody: sites, help, accessibility, privacy."""

from django.urls import path

from booking.web.not_yet import not_yet

urlpatterns = [
    path("sites/", not_yet, name="sites"),
    path("sites/<slug:code>/", not_yet, name="site"),
    path("help/", not_yet, name="help"),
    path("accessibility/", not_yet, name="accessibility"),
    path("privacy/", not_yet, name="privacy"),
]
