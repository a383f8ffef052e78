"""The desk's part of the JSON API, below /api/v1/desk/."""

from django.urls import path

from booking.api.desk import (
    acts,
    check_ins,
    conflicts,
    counters,
    day_list,
    devices,
    find,
    records,
    screens,
    session,
    stock,
    visits,
    walk_ins,
)

urlpatterns = [
    path("session", session.SessionView.as_view()),
    path("day-list", day_list.DayListView.as_view()),
    path("acts", acts.ActsView.as_view()),
    path("check-ins", check_ins.CheckInsView.as_view()),
    path("check-ins/batch", check_ins.CheckInsBatchView.as_view()),
    path("counters", counters.CountersView.as_view()),
    path("find", find.FindView.as_view()),
    path("walk-ins", walk_ins.WalkInsView.as_view()),
    path("walk-ins/options", walk_ins.OptionsView.as_view()),
    path("screens", screens.ScreensView.as_view()),
    path("screens/<uuid:screen_id>", screens.ScreenView.as_view()),
    path("conflicts", conflicts.ConflictsView.as_view()),
    path("devices", devices.DevicesView.as_view()),
    path("visits/<reference:reference>/answers", visits.AnswersView.as_view()),
    path("visits/<reference:reference>/doses", visits.DosesView.as_view()),
    path("visits/<reference:reference>/reaction", visits.ReactionView.as_view()),
    path("visits/<reference:reference>/leave", visits.LeaveView.as_view()),
    path("visits/<reference:reference>/bring-forward", walk_ins.BringForwardView.as_view()),
    path("visits/<reference:reference>/undo", visits.UndoView.as_view()),
    path("visits/<reference:reference>/record", records.RecordView.as_view()),
    path("stock", stock.StockView.as_view()),
    path("stock/receive", stock.ReceiveView.as_view()),
    path("stock/take-out", stock.TakeOutView.as_view()),
    path("stock/finish", stock.FinishView.as_view()),
    path("day-close", stock.DayCloseView.as_view()),
    path("day-close/reopen", stock.ReopenView.as_view()),
]
