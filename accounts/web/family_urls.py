"""Whom a citizen books for. Whoever includes these gives `districts`, which accounts do not know of."""

from django.urls import path

from accounts.web import family

urlpatterns = [
    path("family/", family.family, name="family"),
    path("family/add/", family.add_person, name="add_person"),
    path("family/<uuid:patient_id>/", family.edit_person, name="edit_person"),
    path("family/<uuid:patient_id>/remove/", family.remove_person, name="remove_person"),
    path("family/<uuid:patient_id>/restore/", family.restore_person, name="restore_person"),
]
