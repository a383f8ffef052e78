"""Signing in and out."""

from django.urls import path

from accounts.web import join, sign_in, sign_out, vouched

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_out.sign_out, name="sign_out"),
    path("enter/", vouched.enter, name="enter"),
    path("join/<str:secret>", join.join, name="join"),
    path("oidc/start/", vouched.oidc_start, name="oidc_start"),
    path("oidc/callback/", vouched.oidc_callback, name="oidc_callback"),
]
