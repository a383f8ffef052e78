"""The desk's page, below /desk/."""

from django.urls import path
from django.views.generic import RedirectView

from booking.web.desk import page

urlpatterns = [
    path("desk", RedirectView.as_view(pattern_name="desk")),
    path("desk/", page.shell, name="desk"),
    path("desk/sw.js", page.service_worker, name="desk_service_worker"),
    path("desk/manifest.webmanifest", page.manifest, name="desk_manifest"),
    path("desk/words/en.json", page.english, name="desk_words"),
]
