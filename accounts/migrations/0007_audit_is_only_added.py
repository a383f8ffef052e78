"""A trail that can be edited is no trail: the database itself refuses to change or delete an entry."""

from django.db import migrations

GUARD = """
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON accounts_auditentry
  FOR EACH ROW EXECUTE FUNCTION refuse_to_change_look_ups();
"""
UNGUARD = "DROP TRIGGER only_added ON accounts_auditentry;"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_audit_and_invitations")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
