"""What the tests of the waitlist's pages do and read there."""

import re

from django.test import Client


def signed_in(user, language="zh-hans") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    client.force_login(user)
    return client


def said(response) -> str:
    page = re.sub(r"<head.*?</head>|<script.*?</script>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def join_page(leftovers, patient) -> str:
    return f"/waitlist/join/{patient.pk}/{leftovers.programme.code}/?site={leftovers.site.code}"


def offer_page(offer, act="") -> str:
    return f"/waitlist/offers/{offer.pk}/{act}"
