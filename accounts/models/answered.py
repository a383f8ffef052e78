"""What an earlier try of a request was answered."""

from django.db import models

from accounts.models.account import User


class AnsweredRequest(models.Model):
    """What an earlier try with this request key was answered, written in the same transaction as its effect."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    # Of method, path and body: the same key with another request is the caller's mistake.
    digest = models.CharField(max_length=32)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField(null=True)
    answered_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_request_key")]

    def __str__(self) -> str:
        return f"{self.status} {self.answered_at:%Y-%m-%d %H:%M}"
