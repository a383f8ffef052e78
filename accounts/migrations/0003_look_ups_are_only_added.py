"""A trace that can be edited is no trace: the database itself refuses to change or delete one."""

from django.db import migrations

GUARD = """
CREATE FUNCTION refuse_to_change_look_ups() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON accounts_lookup
  FOR EACH ROW EXECUTE FUNCTION refuse_to_change_look_ups();
"""
UNGUARD = """
DROP TRIGGER only_added ON accounts_lookup;
DROP FUNCTION refuse_to_change_look_ups();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_look_ups_and_answers")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
