"""A citizen's own: records, data, settings."""

from django.urls import path

from booking.web.not_yet import not_yet

urlpatterns = [
    path("me/records/", not_yet, name="records"),
    path("me/data/", not_yet, name="my_data"),
    path("me/looks/", not_yet, name="who_looked"),
    path("me/settings/", not_yet, name="my_settings"),
]
