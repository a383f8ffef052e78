"""The five steps: who, which vaccine, where, when, check; and the last three again for an appointment that moves."""

from django.urls import path

from booking.web.journey import check, moving, next_dose, what, when, where, who

urlpatterns = [
    path("book/", who.book_who, name="book_who"),
    path("book/<str:patients>/", what.book_what, name="book_what"),
    path("book/<str:patients>/<slug:programme>/", where.book_where, name="book_where"),
    path("book/<str:patients>/<slug:programme>/<slug:site>/", when.book_when, name="book_when"),
    path("book/<str:patients>/<slug:programme>/<slug:site>/check/", check.book_check, name="book_check"),
    path("due/<str:signed>/<slug:programme>/", next_dose.due_dose, name="due_dose"),
    path("appointments/<reference:reference>/move/", moving.move_appointment, name="move_appointment"),
    path("appointments/<reference:reference>/move/sites/", moving.move_where, name="move_where"),
    path("appointments/<reference:reference>/move/check/", moving.move_check, name="move_check"),
]
