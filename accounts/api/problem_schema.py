"""The schema of problem documents (RFC 9457), by status."""

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers


class ProblemOut(serializers.Serializer):
    """`code` is for programs, `detail` for people; further members are the facts of the case."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()


def problems(*statuses: int) -> dict[Any, Any]:
    """For extend_schema(responses=...): each status as a problem document."""
    return {(status, "application/problem+json"): OpenApiResponse(ProblemOut) for status in statuses}
