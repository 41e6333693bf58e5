"""The database itself refuses to change or delete a line of the audit trail, whoever asks: form, shell or SQL.

PostgreSQL's TRUNCATE, which fires no row trigger, stays with the table's owner: see docs/security.md for the grants.
"""

SQLITE_INSTALL = [
    f"""
    CREATE TRIGGER IF NOT EXISTS audit_trail_refuses_{verb.lower()} BEFORE {verb} ON accounts_auditentry
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """
    for verb in ("UPDATE", "DELETE")
]
SQLITE_REMOVE = [f"DROP TRIGGER IF EXISTS audit_trail_refuses_{verb}" for verb in ("update", "delete")]

POSTGRES_INSTALL = [
    """
    CREATE OR REPLACE FUNCTION audit_trail_refuses_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE OR REPLACE TRIGGER audit_trail_refuses_change BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_trail_refuses_change()
    """,
]
POSTGRES_REMOVE = [
    "DROP TRIGGER IF EXISTS audit_trail_refuses_change ON accounts_auditentry",
    "DROP FUNCTION IF EXISTS audit_trail_refuses_change()",
]


def install(connection):
    run(connection, SQLITE_INSTALL if connection.vendor == "sqlite" else POSTGRES_INSTALL)


def remove(connection):
    run(connection, SQLITE_REMOVE if connection.vendor == "sqlite" else POSTGRES_REMOVE)


def run(connection, statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
