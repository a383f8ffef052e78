"""The desk's part of the JSON API, below /api/v1/desk/."""

from django.urls import path

from booking.api.desk import counters, day_list, session

urlpatterns = [
    path("session", session.SessionView.as_view()),
    path("day-list", day_list.DayListView.as_view()),
    path("counters", counters.CountersView.as_view()),
]
