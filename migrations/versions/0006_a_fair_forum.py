"""A forum that is kept fair: reports, decisions, appeals, messages, who may not post, what is read first."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("post", sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("post", sa.Column("alarmed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "forum_setting",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column(
            "checked",
            sa.Enum(
                "all", "first", "none", name="checked", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_forum_setting_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_forum_setting")),
    )
    op.create_table(
        "suspension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_by", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_suspension_ended_by_somebody")
        ),
        sa.ForeignKeyConstraint(["began_by"], ["staff.id"], name=op.f("fk_suspension_began_by")),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name=op.f("fk_suspension_ended_by")),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_suspension_participant_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    op.create_index(
        "uq_suspension_now",
        "suspension",
        ["participant_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "approve",
                "refuse",
                "hide",
                "restore",
                "keep",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "contact",
                "attack",
                "hate",
                "untrue",
                "illegal",
                "advert",
                "off_topic",
                "twice",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("post_version", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_on_appeal", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint(
            "(reason IS NOT NULL) = (verdict IN ('hide', 'refuse'))",
            name=op.f("ck_decision_what_is_not_shown_has_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_decision_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_decision_post_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_decision_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("id", "post_id", name=op.f("uq_decision_id_post_id")),
    )
    op.create_index(
        op.f("ix_decision_consultation_id_decided_at"),
        "decision",
        ["consultation_id", "decided_at"],
        unique=False,
    )
    op.create_index(op.f("ix_decision_post_id"), "decision", ["post_id"], unique=False)
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("against_id", sa.Integer(), nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_appeal_decided_by_somebody")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (is_upheld IS NULL)", name=op.f("ck_appeal_decided_one_way")
        ),
        sa.CheckConstraint("decided_by <> against_id", name=op.f("ck_appeal_decided_by_another")),
        sa.ForeignKeyConstraint(["against_id"], ["staff.id"], name=op.f("fk_appeal_against_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_appeal_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_appeal_decided_by")),
        sa.ForeignKeyConstraint(
            ["decision_id", "post_id"],
            ["decision.id", "decision.post_id"],
            name=op.f("fk_appeal_decision_id_post_id"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_appeal_participant_id")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_appeal_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeal_decision_id")),
    )
    op.create_index(
        op.f("ix_appeal_consultation_id_decided_at_due_at"),
        "appeal",
        ["consultation_id", "decided_at", "due_at"],
        unique=False,
    )
    op.create_index(op.f("ix_appeal_participant_id"), "appeal", ["participant_id"], unique=False)
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column(
            "concern",
            sa.Enum(
                "contact",
                "attack",
                "hate",
                "untrue",
                "illegal",
                "advert",
                "off_topic",
                "twice",
                "safety",
                "other",
                name="concern",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("post_version", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_report_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["decision_id", "post_id"],
            ["decision.id", "decision.post_id"],
            name=op.f("fk_report_decision_id_post_id"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_report_participant_id")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_report_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index(
        op.f("ix_report_consultation_id_decision_id_due_at"),
        "report",
        ["consultation_id", "decision_id", "due_at"],
        unique=False,
    )
    op.create_index(op.f("ix_report_participant_id"), "report", ["participant_id"], unique=False)
    op.create_index(op.f("ix_report_post_id"), "report", ["post_id"], unique=False)
    op.create_index(
        "uq_report_open",
        "report",
        ["post_id", "participant_id"],
        unique=True,
        sqlite_where=sa.text("decision_id IS NULL"),
        postgresql_where=sa.text("decision_id IS NULL"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("ck_message_answered_by_somebody")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL)", name=op.f("ck_message_answered_in_words")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["staff.id"], name=op.f("fk_message_answered_by")),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_message_participant_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(
        op.f("ix_message_consultation_id_answered_at_due_at"),
        "message",
        ["consultation_id", "answered_at", "due_at"],
        unique=False,
    )
    op.create_index(op.f("ix_message_participant_id"), "message", ["participant_id"], unique=False)


def downgrade() -> None:
    for table in ("message", "report", "appeal", "decision", "suspension", "forum_setting"):
        op.drop_table(table)
    op.drop_column("post", "alarmed_at")
    op.drop_column("post", "reported_at")
