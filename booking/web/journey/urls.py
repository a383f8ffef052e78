"""The five steps: who, which vaccine, where, when, check."""

from django.urls import path

from booking.web.not_yet import not_yet

urlpatterns = [
    path("book/", not_yet, name="book_who"),
    path("book/<str:patients>/", not_yet, name="book_what"),
    path("book/<str:patients>/<slug:programme>/", not_yet, name="book_where"),
    path("book/<str:patients>/<slug:programme>/<slug:site>/", not_yet, name="book_when"),
    path("book/<str:patients>/<slug:programme>/<slug:site>/check/", not_yet, name="book_check"),
    path("appointments/<reference:reference>/move/", not_yet, name="move_appointment"),
]
