"""First step: the tables of the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

APPEND_ONLY = (
    """
    CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal_event
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
    """,
    """
    CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal_event
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
    """,
    """
    CREATE TRIGGER daily_file_no_update BEFORE UPDATE ON daily_file
    BEGIN SELECT RAISE(ABORT, 'a sealed file never changes'); END
    """,
    """
    CREATE TRIGGER daily_file_no_delete BEFORE DELETE ON daily_file
    BEGIN SELECT RAISE(ABORT, 'a sealed file never changes'); END
    """,
)

# Folded text comes in, so the tokenizers need fold nothing; without content a person is erased by deleting the row.
SEARCH = (
    """
    CREATE VIRTUAL TABLE search_words
    USING fts5(words, content='', contentless_delete=1, prefix='1 2 3', detail=none, tokenize='unicode61')
    """,
    """
    CREATE VIRTUAL TABLE search_parts
    USING fts5(parts, content='', contentless_delete=1, tokenize='trigram')
    """,
)


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "counter",
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_counter")),
    )
    op.create_table(
        "daily_file",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("journal_from", sa.Integer(), nullable=False),
        sa.Column("journal_to", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("as_of", sa.String(length=20), nullable=False),
        sa.Column("created", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_daily_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_daily_file_sha256")),
    )
    op.create_index(op.f("ix_daily_file_day"), "daily_file", ["day"], unique=False)
    op.create_table(
        "journal_event",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=True),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("client_id", sa.String(), nullable=True),
        sa.Column("data", sa.String(), nullable=False),
        sa.Column("prev", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal_event")),
        sa.UniqueConstraint("client_id", name=op.f("uq_journal_event_client_id")),
    )
    op.create_index(op.f("ix_journal_event_dossier_id"), "journal_event", ["dossier_id"], unique=False)
    op.create_table(
        "office_session",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("start", sa.Time(), nullable=False),
        sa.Column("end", sa.Time(), nullable=False),
        sa.PrimaryKeyConstraint("valid_from", "start", name=op.f("pk_office_session")),
    )
    op.create_table(
        "officer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("pin_hash", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
    )
    op.create_table(
        "outbox",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("changed_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_outbox")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("name_key", sa.LargeBinary(), nullable=False),
        sa.Column("id_number", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("erased_at", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index(op.f("ix_person_id_number"), "person", ["id_number"], unique=False)
    op.create_table(
        "procedure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("core", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("limit_text", sa.String(), nullable=False),
        sa.Column("local_limit", sa.String(), nullable=False),
        sa.Column("limit_confidence", sa.String(), nullable=False),
        sa.Column("time_limit_text", sa.String(), nullable=False),
        sa.Column("variants", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("new_limit", sa.String(), nullable=False),
        sa.Column("supplement_term", sa.Integer(), nullable=False),
        sa.Column("components", sa.String(), nullable=False),
        sa.Column("fee_vnd", sa.Integer(), nullable=True),
        sa.Column("fee_note", sa.String(), nullable=False),
        sa.Column("online_level", sa.String(), nullable=False),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("ministry", sa.String(), nullable=False),
        sa.Column("confidence", sa.String(), nullable=False),
        sa.Column("successor_code", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_procedure_code_version")),
    )
    op.create_index(op.f("ix_procedure_code"), "procedure", ["code"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("receipt_for", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("province_seq", sa.Integer(), nullable=False),
        sa.Column("province_time", sa.String(length=20), nullable=False),
        sa.Column("taken_at", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_receipt")),
    )
    op.create_index(op.f("ix_receipt_receipt_for"), "receipt", ["receipt_for"], unique=False)
    op.create_table(
        "reference_version",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("installed_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_reference_version")),
    )
    op.create_table(
        "signing_key",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("private_key", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.Column("retired_at", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "unit",
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("province_code", sa.String(), nullable=False),
        sa.Column("province_name", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", "valid_from", name=op.f("pk_unit")),
    )
    op.create_index(op.f("ix_unit_name_folded"), "unit", ["name_folded"], unique=False)
    op.create_table(
        "unit_succession",
        sa.Column("old_code", sa.String(length=5), nullable=False),
        sa.Column("new_code", sa.String(length=5), nullable=False),
        sa.Column("old_name", sa.String(), nullable=False),
        sa.Column("old_district", sa.String(), nullable=False),
        sa.Column("old_province", sa.String(), nullable=False),
        sa.Column("old_folded", sa.String(), nullable=False),
        sa.Column("new_name", sa.String(), nullable=False),
        sa.Column("new_province", sa.String(), nullable=False),
        sa.Column("partly", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("old_code", "new_code", name=op.f("pk_unit_succession")),
    )
    op.create_index(op.f("ix_unit_succession_old_folded"), "unit_succession", ["old_folded"], unique=False)
    op.create_table(
        "dossier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("official_code", sa.String(), nullable=True),
        sa.Column("old_code", sa.String(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("procedure_code", sa.String(), nullable=False),
        sa.Column("procedure_version", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Integer(), nullable=False),
        sa.Column("taken_over", sa.Boolean(), nullable=False),
        sa.Column("immediate", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("representative_id", sa.Integer(), nullable=True),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("fee", sa.Integer(), nullable=True),
        sa.Column("return_way", sa.String(), nullable=False),
        sa.Column("limit_text", sa.String(), nullable=False),
        sa.Column("local_limit", sa.String(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("new_limit", sa.String(), nullable=False),
        sa.Column("registered_at", sa.String(length=20), nullable=False),
        sa.Column("received_at", sa.String(length=20), nullable=True),
        sa.Column("competent", sa.String(), nullable=False),
        sa.Column("competent_at", sa.String(length=20), nullable=True),
        sa.Column("late_entry", sa.Boolean(), nullable=False),
        sa.Column("legal_deadline", sa.String(length=20), nullable=True),
        sa.Column("first_promise", sa.String(length=20), nullable=True),
        sa.Column("promise", sa.String(length=20), nullable=True),
        sa.Column("promise_typed", sa.Boolean(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("suspended_since", sa.String(length=20), nullable=True),
        sa.Column("supplements", sa.Integer(), nullable=False),
        sa.Column("obligations", sa.Integer(), nullable=False),
        sa.Column("supplement_by", sa.String(length=20), nullable=True),
        sa.Column("rescheduled", sa.Boolean(), nullable=False),
        sa.Column("late_apology", sa.Boolean(), nullable=False),
        sa.Column("variant_changed", sa.Boolean(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("with_department", sa.Boolean(), nullable=False),
        sa.Column("forwarded_at", sa.String(length=20), nullable=True),
        sa.Column("ended_at", sa.String(length=20), nullable=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("legal_verdict", sa.String(), nullable=False),
        sa.Column("returned_at", sa.String(length=20), nullable=True),
        sa.Column("returned_way", sa.String(), nullable=False),
        sa.Column("postal_number", sa.String(), nullable=False),
        sa.Column("slip_number", sa.String(), nullable=False),
        sa.Column("received_by", sa.Integer(), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_dossier_person_id_person")),
        sa.ForeignKeyConstraint(["representative_id"], ["person.id"], name=op.f("fk_dossier_representative_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("code", name=op.f("uq_dossier_code")),
        sa.UniqueConstraint("official_code", name=op.f("uq_dossier_official_code")),
    )
    op.create_index(op.f("ix_dossier_person_id"), "dossier", ["person_id"], unique=False)
    op.create_index(op.f("ix_dossier_procedure_code"), "dossier", ["procedure_code"], unique=False)
    op.create_index(op.f("ix_dossier_promise"), "dossier", ["promise"], unique=False)
    op.create_index(op.f("ix_dossier_received_at"), "dossier", ["received_at"], unique=False)
    op.create_index(op.f("ix_dossier_state"), "dossier", ["state"], unique=False)
    op.create_table(
        "issued_slip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("desk", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("reprints", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_issued_slip_dossier_id_dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_slip")),
        sa.UniqueConstraint("form", "year", "desk", "number", name=op.f("uq_issued_slip_form_year_desk_number")),
    )
    op.create_index(op.f("ix_issued_slip_dossier_id"), "issued_slip", ["dossier_id"], unique=False)
    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dossier_id", sa.Integer(), nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("erased_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossier.id"], name=op.f("fk_remark_dossier_id_dossier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    op.create_index(op.f("ix_remark_dossier_id"), "remark", ["dossier_id"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        for statement in (*APPEND_ONLY, *SEARCH):
            op.execute(statement)
