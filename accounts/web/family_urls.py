"""Whom a citizen books for."""

from django.urls import path

from accounts.web.urls import not_yet

urlpatterns = [
    path("family/", not_yet, name="family"),
    path("family/add/", not_yet, name="add_person"),
    path("family/<uuid:patient_id>/", not_yet, name="edit_person"),
]
