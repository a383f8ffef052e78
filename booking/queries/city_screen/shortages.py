"""Where doses are missing for who has booked for today and tomorrow."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

# A site that never had a batch of a vaccine does not keep its stock here.
_STATEMENT = """
WITH needed AS (
  SELECT figure.site_id, programme.vaccine_id,
    sum(greatest(figure.taken - figure.fulfilled - figure.no_show, 0)) AS doses
  FROM booking_hourfigure figure JOIN booking_programme programme ON programme.id = figure.programme_id
  WHERE figure.day IN (%(today)s, %(tomorrow)s)
  GROUP BY 1, 2
), batches AS (
  SELECT batch.site_id, batch.vaccine_id, coalesce(sum(moved.doses), 0) AS doses
  FROM booking_batch batch
  LEFT JOIN LATERAL (
    SELECT sum(movement.doses) AS doses FROM booking_stockmovement movement
    WHERE movement.batch_id = batch.id AND batch.finished_at IS NULL AND batch.expires_on >= %(today)s
  ) moved ON true
  GROUP BY 1, 2
)
SELECT needed.site_id, vaccine.code, needed.doses - greatest(batches.doses, 0)
FROM needed JOIN batches USING (site_id, vaccine_id) JOIN booking_vaccine vaccine ON vaccine.id = needed.vaccine_id
WHERE needed.doses > greatest(batches.doses, 0)
"""


def shortages(*, now: datetime) -> dict[int, dict[str, int]]:
    """By site and code of the vaccine, how many doses are missing. One statement, for a job."""
    today = timezone.localdate(now)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"today": today, "tomorrow": today + timedelta(days=1)})
        for site_id, vaccine, doses in cursor.fetchall():
            found[site_id][vaccine] = int(doses)
    return dict(found)
