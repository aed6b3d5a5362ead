"""The record: consultations, people, items, answers, posts, codes, plans, snapshots, staff, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "audit_entry",
    "consultation",
    "failed_try",
    "staff",
    "channel",
    "demographic",
    "discussion_group",
    "item",
    "plan",
    "set_up_link",
    "snapshot",
    "staff_role",
    "staff_session",
    "stage",
    "thread",
    "asked",
    "demographic_option",
    "option",
    "participant",
    "planned_item",
    "point",
    "theme",
    "answer",
    "participant_demographic",
    "post",
    "submission",
    "target",
    "code",
    "placing",
)
APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry"
        " BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
        "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry"
        " BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$",
        "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_subject_at"), "audit_entry", ["subject", "at"], unique=False)

    op.create_table(
        "consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "closed",
                "archived",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("results_published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(slug) > 0", name=op.f("ck_consultation_slug_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("slug", name=op.f("uq_consultation_slug")),
    )
    op.create_table(
        "failed_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("who_hash", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_try")),
    )
    op.create_index(op.f("ix_failed_try_who_hash_at"), "failed_try", ["who_hash", "at"], unique=False)

    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("sealed_totp", sa.String(), nullable=True),
        sa.Column("last_totp_step", sa.Integer(), nullable=False),
        sa.Column("is_administrator", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(password_hash IS NULL) = (sealed_totp IS NULL)", name=op.f("ck_staff_both_factors_or_neither")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_staff_email_in_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    op.create_table(
        "channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("aim", sa.String(), nullable=True),
        sa.Column("cost", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_channel_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("consultation_id", "key", name=op.f("uq_channel_consultation_id_key")),
        sa.UniqueConstraint("id", "consultation_id", name=op.f("uq_channel_id_consultation_id")),
    )
    op.create_table(
        "demographic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_demographic_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demographic")),
        sa.UniqueConstraint("consultation_id", "key", name=op.f("uq_demographic_consultation_id_key")),
        sa.UniqueConstraint(
            "consultation_id", "position", name=op.f("uq_demographic_consultation_id_position")
        ),
        sa.UniqueConstraint("id", "consultation_id", name=op.f("uq_demographic_id_consultation_id")),
    )
    op.create_table(
        "discussion_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_discussion_group_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_group")),
        sa.UniqueConstraint("consultation_id", "key", name=op.f("uq_discussion_group_consultation_id_key")),
        sa.UniqueConstraint("id", "consultation_id", name=op.f("uq_discussion_group_id_consultation_id")),
    )
    op.create_table(
        "item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "open",
                "choice",
                "scale",
                "agreement",
                "rank",
                "knowledge",
                "evaluation",
                name="form",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "role",
            sa.Enum(
                "attitude",
                "consideration",
                "preference",
                "knowledge",
                "evaluation",
                "perceived",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("stem", sa.String(), nullable=False),
        sa.Column("scale_min", sa.Integer(), nullable=True),
        sa.Column("scale_max", sa.Integer(), nullable=True),
        sa.Column("low_label", sa.String(), nullable=True),
        sa.Column("high_label", sa.String(), nullable=True),
        sa.Column("favour_from", sa.Integer(), nullable=True),
        sa.Column("reversed", sa.Boolean(), nullable=False),
        sa.Column("ordered", sa.Boolean(), nullable=False),
        sa.Column("other", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(form IN ('scale', 'agreement', 'evaluation')) = (scale_min IS NOT NULL)",
            name=op.f("ck_item_scale_where_form_has_one"),
        ),
        sa.CheckConstraint(
            "form <> 'knowledge' OR role = 'knowledge'", name=op.f("ck_item_knowledge_has_its_role")
        ),
        sa.CheckConstraint(
            "(scale_min IS NULL) = (scale_max IS NULL)", name=op.f("ck_item_scale_has_both_ends")
        ),
        sa.CheckConstraint(
            "favour_from BETWEEN scale_min AND scale_max", name=op.f("ck_item_favour_on_the_scale")
        ),
        sa.CheckConstraint(
            "scale_max - scale_min BETWEEN 1 AND 20", name=op.f("ck_item_scale_of_2_to_21_points")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_item_consultation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("consultation_id", "key", name=op.f("uq_item_consultation_id_key")),
        sa.UniqueConstraint("consultation_id", "position", name=op.f("uq_item_consultation_id_position")),
        sa.UniqueConstraint("id", "consultation_id", "form", name=op.f("uq_item_id_consultation_id_form")),
    )
    op.create_table(
        "plan",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("names_primary", sa.Boolean(), nullable=False),
        sa.Column("names_delta", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_plan_consultation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_plan")),
    )
    op.create_table(
        "set_up_link",
        sa.Column("token_hash", sa.String(length=100), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("sealed_totp", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_set_up_link_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_set_up_link")),
    )
    op.create_index(op.f("ix_set_up_link_staff_id"), "set_up_link", ["staff_id"], unique=False)

    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("weights", sa.String(length=100), nullable=False),
        sa.Column("split_by", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method_version", sa.String(length=100), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_snapshot_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint(
            "consultation_id",
            "weights",
            "split_by",
            name=op.f("uq_snapshot_consultation_id_weights_split_by"),
        ),
    )
    op.create_table(
        "staff_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "visitor",
                "resident",
                "assistant",
                "moderator",
                "officer",
                "analyst",
                "administrator",
                "operator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "role <> 'administrator'", name=op.f("ck_staff_role_administrators_are_for_the_site")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_staff_role_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_role_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_role")),
        sa.UniqueConstraint(
            "staff_id", "consultation_id", "role", name=op.f("uq_staff_role_staff_id_consultation_id_role")
        ),
    )
    op.create_index(op.f("ix_staff_role_consultation_id"), "staff_role", ["consultation_id"], unique=False)

    op.create_table(
        "staff_session",
        sa.Column("id_hash", sa.String(length=100), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_staff_session")),
    )
    op.create_index(op.f("ix_staff_session_staff_id"), "staff_session", ["staff_id"], unique=False)

    op.create_table(
        "stage",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "survey",
                "forum",
                "follow_up",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_stage_opens_before_it_closes")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_stage_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", "kind", name=op.f("pk_stage")),
    )
    op.create_table(
        "thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_thread_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
        sa.UniqueConstraint("consultation_id", "key", name=op.f("uq_thread_consultation_id_key")),
        sa.UniqueConstraint("id", "consultation_id", name=op.f("uq_thread_id_consultation_id")),
    )
    op.create_table(
        "asked",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column(
            "wave",
            sa.Enum("pre", "post", name="wave", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "open",
                "choice",
                "scale",
                "agreement",
                "rank",
                "knowledge",
                "evaluation",
                name="form",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "consultation_id", "form"],
            ["item.id", "item.consultation_id", "item.form"],
            name=op.f("fk_asked_item_id_consultation_id_form"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", "wave", name=op.f("pk_asked")),
        sa.UniqueConstraint(
            "item_id",
            "wave",
            "consultation_id",
            "form",
            name=op.f("uq_asked_item_id_wave_consultation_id_form"),
        ),
    )
    op.create_table(
        "demographic_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("demographic_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["demographic_id"],
            ["demographic.id"],
            name=op.f("fk_demographic_option_demographic_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demographic_option")),
        sa.UniqueConstraint("demographic_id", "id", name=op.f("uq_demographic_option_demographic_id_id")),
        sa.UniqueConstraint("demographic_id", "key", name=op.f("uq_demographic_option_demographic_id_key")),
        sa.UniqueConstraint(
            "demographic_id", "position", name=op.f("uq_demographic_option_demographic_id_position")
        ),
    )
    op.create_table(
        "option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("is_correct", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_option_item_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_option")),
        sa.UniqueConstraint("item_id", "id", name=op.f("uq_option_item_id_id")),
        sa.UniqueConstraint("item_id", "key", name=op.f("uq_option_item_id_key")),
        sa.UniqueConstraint("item_id", "position", name=op.f("uq_option_item_id_position")),
    )
    op.create_index(
        op.f("uq_option_one_correct"),
        "option",
        ["item_id"],
        unique=True,
        sqlite_where=sa.text("is_correct"),
        postgresql_where=sa.text("is_correct"),
    )

    op.create_table(
        "participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column(
            "origin",
            sa.Enum("bundle", "web", name="origin", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column(
            "arm",
            sa.Enum("forum", "delayed", name="arm", native_enum=False, create_constraint=True, length=20),
            nullable=True,
        ),
        sa.Column(
            "track",
            sa.Enum("open", "panel", name="track", native_enum=False, create_constraint=True, length=20),
            nullable=True,
        ),
        sa.Column("language", sa.String(length=100), nullable=True),
        sa.Column("quote", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id", "consultation_id"],
            ["channel.id", "channel.consultation_id"],
            name=op.f("fk_participant_channel_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_participant_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "consultation_id"],
            ["discussion_group.id", "discussion_group.consultation_id"],
            name=op.f("fk_participant_group_id_consultation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("consultation_id", "key", name=op.f("uq_participant_consultation_id_key")),
        sa.UniqueConstraint(
            "consultation_id", "position", name=op.f("uq_participant_consultation_id_position")
        ),
        sa.UniqueConstraint("id", "consultation_id", name=op.f("uq_participant_id_consultation_id")),
    )
    op.create_index(op.f("ix_participant_channel_id"), "participant", ["channel_id"], unique=False)
    op.create_index(op.f("ix_participant_group_id"), "participant", ["group_id"], unique=False)

    op.create_table(
        "planned_item",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("primary_position", sa.Integer(), nullable=True),
        sa.Column("delta", sa.Double(), nullable=True),
        sa.CheckConstraint("delta > 0", name=op.f("ck_planned_item_delta_positive")),
        sa.CheckConstraint(
            "primary_position IS NOT NULL OR delta IS NOT NULL", name=op.f("ck_planned_item_says_something")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["plan.consultation_id"],
            name=op.f("fk_planned_item_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_planned_item_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_planned_item")),
        sa.UniqueConstraint(
            "consultation_id",
            "primary_position",
            name=op.f("uq_planned_item_consultation_id_primary_position"),
        ),
    )
    op.create_table(
        "point",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_point_item_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "value", name=op.f("pk_point")),
    )
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_theme_item_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("item_id", "id", name=op.f("uq_theme_item_id_id")),
        sa.UniqueConstraint("item_id", "key", name=op.f("uq_theme_item_id_key")),
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column(
            "wave",
            sa.Enum("pre", "post", name="wave", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum(
                "open",
                "choice",
                "scale",
                "agreement",
                "rank",
                "knowledge",
                "evaluation",
                name="form",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "answered",
                "dont_know",
                "prefer_not",
                "skipped",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(number IS NOT NULL) = (status = 'answered' AND form IN ('scale', 'agreement', 'evaluation'))",
            name=op.f("ck_answer_number_where_a_scale_is_answered"),
        ),
        sa.CheckConstraint(
            "(text IS NOT NULL) = (status = 'answered' AND (form = 'open' OR (form = 'choice' AND option_id IS NULL)))",
            name=op.f("ck_answer_text_where_it_was_written"),
        ),
        sa.CheckConstraint(
            "form <> 'knowledge' OR status <> 'answered' OR option_id IS NOT NULL",
            name=op.f("ck_answer_knowledge_names_an_option"),
        ),
        sa.CheckConstraint(
            "option_id IS NULL OR (status = 'answered' AND text IS NULL AND form IN ('choice', 'knowledge'))",
            name=op.f("ck_answer_option_where_one_is_chosen"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "number"], ["point.item_id", "point.value"], name=op.f("fk_answer_item_id_number")
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "option_id"],
            ["option.item_id", "option.id"],
            name=op.f("fk_answer_item_id_option_id"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "wave", "consultation_id", "form"],
            ["asked.item_id", "asked.wave", "asked.consultation_id", "asked.form"],
            name=op.f("fk_answer_item_id_wave_consultation_id_form"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_answer_participant_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("id", "item_id", name=op.f("uq_answer_id_item_id")),
        sa.UniqueConstraint(
            "item_id", "wave", "participant_id", name=op.f("uq_answer_item_id_wave_participant_id")
        ),
    )
    op.create_index(op.f("ix_answer_participant_id"), "answer", ["participant_id"], unique=False)

    op.create_table(
        "participant_demographic",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("demographic_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["demographic_id", "consultation_id"],
            ["demographic.id", "demographic.consultation_id"],
            name=op.f("fk_participant_demographic_demographic_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["demographic_id", "option_id"],
            ["demographic_option.demographic_id", "demographic_option.id"],
            name=op.f("fk_participant_demographic_demographic_id_option_id"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_participant_demographic_participant_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", "demographic_id", name=op.f("pk_participant_demographic")),
    )
    op.create_index(
        op.f("ix_participant_demographic_demographic_id_option_id"),
        "participant_demographic",
        ["demographic_id", "option_id"],
        unique=False,
    )

    op.create_table(
        "post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "seed",
                "post",
                "facilitator",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "visible",
                "awaiting",
                "hidden",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind = 'post' OR participant_id IS NULL", name=op.f("ck_post_staff_posts_have_no_participant")
        ),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_post_not_its_own_parent")),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_post_participant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["thread_id", "consultation_id"],
            ["thread.id", "thread.consultation_id"],
            name=op.f("fk_post_thread_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id", "parent_id"],
            ["post.thread_id", "post.id"],
            name=op.f("fk_post_thread_id_parent_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("consultation_id", "key", name=op.f("uq_post_consultation_id_key")),
        sa.UniqueConstraint("thread_id", "id", name=op.f("uq_post_thread_id_id")),
    )
    op.create_index(op.f("ix_post_participant_id"), "post", ["participant_id"], unique=False)
    op.create_index(op.f("ix_post_thread_id_parent_id"), "post", ["thread_id", "parent_id"], unique=False)

    op.create_table(
        "submission",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column(
            "wave",
            sa.Enum("pre", "post", name="wave", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "started", "submitted", name="status", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "mode",
            sa.Enum(
                "own",
                "library",
                "assisted",
                "paper",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("late", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_submission_participant_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", "wave", name=op.f("pk_submission")),
    )
    op.create_index(
        op.f("ix_submission_consultation_id_wave_status"),
        "submission",
        ["consultation_id", "wave", "status"],
        unique=False,
    )

    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("demographic_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=True),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.CheckConstraint("minimum <= maximum", name=op.f("ck_target_minimum_up_to_maximum")),
        sa.CheckConstraint("minimum >= 0 AND maximum >= 0", name=op.f("ck_target_limits_not_negative")),
        sa.CheckConstraint("population >= 0", name=op.f("ck_target_population_not_negative")),
        sa.ForeignKeyConstraint(
            ["demographic_id", "consultation_id"],
            ["demographic.id", "demographic.consultation_id"],
            name=op.f("fk_target_demographic_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["demographic_id", "option_id"],
            ["demographic_option.demographic_id", "demographic_option.id"],
            name=op.f("fk_target_demographic_id_option_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("demographic_id", "option_id", name=op.f("uq_target_demographic_id_option_id")),
    )
    op.create_table(
        "code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("coder", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id", "item_id"],
            ["answer.id", "answer.item_id"],
            name=op.f("fk_code_answer_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "theme_id"], ["theme.item_id", "theme.id"], name=op.f("fk_code_item_id_theme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code")),
        sa.UniqueConstraint("answer_id", "coder", "theme_id", name=op.f("uq_code_answer_id_coder_theme_id")),
    )
    op.create_index(op.f("ix_code_item_id_theme_id"), "code", ["item_id", "theme_id"], unique=False)

    op.create_table(
        "placing",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_id", "item_id"],
            ["answer.id", "answer.item_id"],
            name=op.f("fk_placing_answer_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "option_id"],
            ["option.item_id", "option.id"],
            name=op.f("fk_placing_item_id_option_id"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id", "place"], ["point.item_id", "point.value"], name=op.f("fk_placing_item_id_place")
        ),
        sa.PrimaryKeyConstraint("answer_id", "option_id", name=op.f("pk_placing")),
    )

    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_refuse()")
