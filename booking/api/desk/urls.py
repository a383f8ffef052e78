"""The desk's part of the JSON API, below /api/v1/desk/."""

from django.urls import path

from booking.api.desk import counters, day_list, session, stock

urlpatterns = [
    path("session", session.SessionView.as_view()),
    path("day-list", day_list.DayListView.as_view()),
    path("counters", counters.CountersView.as_view()),
    path("stock", stock.StockView.as_view()),
    path("stock/receive", stock.ReceiveView.as_view()),
    path("stock/take-out", stock.TakeOutView.as_view()),
    path("stock/finish", stock.FinishView.as_view()),
    path("day-close", stock.DayCloseView.as_view()),
    path("day-close/reopen", stock.ReopenView.as_view()),
]
