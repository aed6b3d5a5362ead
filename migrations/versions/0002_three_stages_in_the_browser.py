"""Three stages in the browser: what officers, residents and their visits add to the record."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_form",
        sa.Column("token_hash", sa.String(length=100), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sent_form")),
    )
    with op.batch_alter_table("sent_form") as batch_op:
        batch_op.create_index(batch_op.f("ix_sent_form_sent_at"), ["sent_at"], unique=False)

    op.create_table(
        "rehearsal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("offset_seconds", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_rehearsal_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_rehearsal_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsal")),
    )
    with op.batch_alter_table("rehearsal") as batch_op:
        batch_op.create_index(batch_op.f("ix_rehearsal_consultation_id"), ["consultation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rehearsal_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "stage_change",
        sa.Column("id", sa.Integer(), nullable=False),
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
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_stage_change_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_change")),
    )
    with op.batch_alter_table("stage_change") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stage_change_consultation_id"), ["consultation_id"], unique=False
        )

    op.create_table(
        "item_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=200), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_item_correction_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_correction")),
    )
    with op.batch_alter_table("item_correction") as batch_op:
        batch_op.create_index(batch_op.f("ix_item_correction_item_id"), ["item_id"], unique=False)

    op.create_table(
        "exposure",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("first_read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_exposure_participant_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id", "consultation_id"],
            ["thread.id", "thread.consultation_id"],
            name=op.f("fk_exposure_thread_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", "thread_id", name=op.f("pk_exposure")),
    )
    op.create_table(
        "kept_form",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("sealed_form", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_kept_form_participant_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", "path", name=op.f("pk_kept_form")),
    )
    op.create_table(
        "membership",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=True),
        sa.Column("name_key", sa.String(length=100), nullable=True),
        sa.Column("consent_version", sa.Integer(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("messages", sa.Boolean(), nullable=False),
        sa.Column("order_seed", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("keeps_answers", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (keeps_answers IS NULL)",
            name=op.f("ck_membership_says_what_stays_when_withdrawn"),
        ),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_membership_participant_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "consultation_id", "name_key", name=op.f("uq_membership_consultation_id_name_key")
        ),
    )
    op.create_table(
        "resident_session",
        sa.Column("id_hash", sa.String(length=100), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_code", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_resident_session_participant_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_resident_session")),
    )
    with op.batch_alter_table("resident_session") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_resident_session_participant_id"), ["participant_id"], unique=False
        )

    op.create_table(
        "return_code",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=100), nullable=False),
        sa.Column("serial_hash", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_return_code_participant_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_return_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_return_code_code_hash")),
        sa.UniqueConstraint("serial_hash", name=op.f("uq_return_code_serial_hash")),
    )
    op.create_table(
        "post_version",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_post_version_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "version", name=op.f("pk_post_version")),
    )
    with op.batch_alter_table("consultation") as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("presented_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("decision", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("decided_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("decides_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("area", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("minimum_age", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("incentive", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("use", sa.String(), nullable=True))

    with op.batch_alter_table("demographic") as batch_op:
        batch_op.add_column(sa.Column("why", sa.String(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "asked",
                sa.Enum(
                    "joining", "after", name="asked", native_enum=False, create_constraint=True, length=20
                ),
                server_default="joining",
                nullable=False,
            )
        )

    with op.batch_alter_table("item") as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("approved_version", sa.Integer(), nullable=True))

    with op.batch_alter_table("participant") as batch_op:
        batch_op.add_column(
            sa.Column("is_rehearsal", sa.Boolean(), server_default=sa.false(), nullable=False)
        )

    with op.batch_alter_table("post") as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("staff") as batch_op:
        batch_op.add_column(sa.Column("is_officer", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("thread") as batch_op:
        batch_op.add_column(sa.Column("item_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("position", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("completions", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("is_rehearsal", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_foreign_key(batch_op.f("fk_thread_item_id"), "item", ["item_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("thread") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_thread_item_id"), type_="foreignkey")
        batch_op.drop_column("is_rehearsal")
        batch_op.drop_column("completions")
        batch_op.drop_column("position")
        batch_op.drop_column("item_id")

    with op.batch_alter_table("staff") as batch_op:
        batch_op.drop_column("is_officer")

    with op.batch_alter_table("post") as batch_op:
        batch_op.drop_column("edited_at")
        batch_op.drop_column("version")

    with op.batch_alter_table("participant") as batch_op:
        batch_op.drop_column("is_rehearsal")

    with op.batch_alter_table("item") as batch_op:
        batch_op.drop_column("approved_version")
        batch_op.drop_column("version")

    with op.batch_alter_table("demographic") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_demographic_asked"), type_="check")
        batch_op.drop_column("asked")
        batch_op.drop_column("why")

    with op.batch_alter_table("consultation") as batch_op:
        batch_op.drop_column("use")
        batch_op.drop_column("incentive")
        batch_op.drop_column("minimum_age")
        batch_op.drop_column("area")
        batch_op.drop_column("decides_on")
        batch_op.drop_column("decided_by")
        batch_op.drop_column("decision")
        batch_op.drop_column("presented_at")
        batch_op.drop_column("published_at")
        batch_op.drop_column("created_at")
        batch_op.drop_column("version")

    op.drop_table("post_version")
    op.drop_table("return_code")
    with op.batch_alter_table("resident_session") as batch_op:
        batch_op.drop_index(batch_op.f("ix_resident_session_participant_id"))

    op.drop_table("resident_session")
    op.drop_table("membership")
    op.drop_table("kept_form")
    op.drop_table("exposure")
    with op.batch_alter_table("item_correction") as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_correction_item_id"))

    op.drop_table("item_correction")
    with op.batch_alter_table("stage_change") as batch_op:
        batch_op.drop_index(batch_op.f("ix_stage_change_consultation_id"))

    op.drop_table("stage_change")
    with op.batch_alter_table("rehearsal") as batch_op:
        batch_op.drop_index(batch_op.f("ix_rehearsal_staff_id"))
        batch_op.drop_index(batch_op.f("ix_rehearsal_consultation_id"))

    op.drop_table("rehearsal")
    with op.batch_alter_table("sent_form") as batch_op:
        batch_op.drop_index(batch_op.f("ix_sent_form_sent_at"))

    op.drop_table("sent_form")
