"""Waiting jobs are signed, and the queue believes one secret only: after a new one they are signed anew."""

from django.conf import settings
from django.core.signing import BadSignature
from django_q.conf import Conf
from django_q.core_signing import loads
from django_q.models import OrmQ
from django_q.signing import PickleSerializer, SignedPackage


def sign_jobs_again() -> int:
    """Sign what an earlier secret (settings.SECRET_KEY_FALLBACKS) has signed with the present one; returns how many.

    No `manage.py qcluster` may run meanwhile: it throws away what it does not believe.
    """
    signed = 0
    for row in OrmQ.objects.order_by("pk").iterator():
        again = _signed_again(row.payload)
        # Taken and put back meanwhile, it is somebody else's.
        signed += OrmQ.objects.filter(pk=row.pk, payload=row.payload).update(payload=again) if again else 0
    return signed


def _signed_again(payload: str) -> str | None:
    """The job with a new signature; None where it needs none, or nobody of ours has signed it."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            # Read only after its signature was found good.
            job = loads(payload, key=secret, salt=Conf.PREFIX, serializer=PickleSerializer)
        except BadSignature:
            continue
        return None if secret == settings.SECRET_KEY else str(SignedPackage.dumps(job))
    return None
