"""As short as it can be: it stands in text messages."""

from django.urls import path

from booking.web.invitations import page

urlpatterns = [path("i/<str:said>/", page.invitation, name="invitation")]
