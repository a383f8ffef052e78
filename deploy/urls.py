"""The whole site's addresses on one screen."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("accounts.api.urls")),
    path("api/v1/", include("booking.api.urls")),
    path("admin/", admin.site.urls),
]
