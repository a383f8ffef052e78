"""History stays as it is. Three things may be done to it, and nothing else:

- of a desk's act, what it keeps sealed may be sealed with a new key, or dropped when its time is over;
- of an appointment's event that is older than a year, which account did it may be forgotten.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION refuse_to_change_acts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.facts ? 'sealed' AND to_jsonb(OLD) - 'facts' = to_jsonb(NEW) - 'facts'
     AND OLD.facts - 'sealed' = NEW.facts - 'sealed' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER only_added BEFORE UPDATE OR DELETE ON booking_deskact
  FOR EACH ROW EXECUTE FUNCTION refuse_to_change_acts();
CREATE FUNCTION refuse_to_change_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.at < now() - interval '1 year' AND NEW.by_id IS NULL
     AND to_jsonb(OLD) - 'by_id' = to_jsonb(NEW) - 'by_id' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER only_added BEFORE UPDATE OR DELETE ON booking_appointmentevent
  FOR EACH ROW EXECUTE FUNCTION refuse_to_change_events();
"""
UNGUARD = """
CREATE OR REPLACE TRIGGER only_added BEFORE UPDATE OR DELETE ON booking_appointmentevent
  FOR EACH ROW EXECUTE FUNCTION refuse_to_change_history();
CREATE OR REPLACE TRIGGER only_added BEFORE UPDATE OR DELETE ON booking_deskact
  FOR EACH ROW EXECUTE FUNCTION refuse_to_change_history();
DROP FUNCTION refuse_to_change_events();
DROP FUNCTION refuse_to_change_acts();
"""


class Migration(migrations.Migration):
    # The release before neither changes nor deletes any of these rows, and the triggers are exchanged in a moment.
    is_safe_beside_the_release_before = True
    dependencies = [("booking", "0008_fair_release")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
