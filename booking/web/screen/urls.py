"""Screens that nobody is signed in at, below /screen/: the waiting room's, and the city's on a wall."""

from django.urls import path

from booking.web.screen import city, page

urlpatterns = [
    path("screen/", page.page, name="screen"),
    path("screen/state", page.state, name="screen_state"),
    path("screen/city/", city.page, name="city_wall"),
    path("screen/city/state", city.state, name="city_wall_state"),
]
