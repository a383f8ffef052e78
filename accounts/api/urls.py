"""The accounts part of the JSON API, below /api/v1/."""

from django.urls import path

from accounts.api import auth, patients

urlpatterns = [
    path("auth/codes", auth.CodesView.as_view()),
    path("auth/tokens", auth.TokensView.as_view()),
    path("auth/tickets", auth.TicketsView.as_view()),
    path("auth/tokens/current", auth.CurrentTokenView.as_view()),
    path("patients", patients.PatientsView.as_view()),
    path("patients/<uuid:patient_id>", patients.PatientView.as_view()),
]
