"""The waiting room's screen, below /screen/."""

from django.urls import path

from booking.web.screen import page

urlpatterns = [
    path("screen/", page.page, name="screen"),
    path("screen/state", page.state, name="screen_state"),
]
