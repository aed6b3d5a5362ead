"""Small groups in the forum: draws of them, who was drawn, and threads of one group alone."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("group_count", sa.Integer(), nullable=False),
        sa.Column("factors", sa.String(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_reason IS NULL)", name=op.f("ck_group_draw_ended_for_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_group_draw_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_draw")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_group_draw_consultation_id_number")),
        sa.UniqueConstraint("id", "consultation_id", name=op.f("uq_group_draw_id_consultation_id")),
    )
    op.create_index(
        "uq_group_draw_now",
        "group_draw",
        ["consultation_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "drawn_person",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.String(length=100), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("codes", sa.String(), nullable=False),
        sa.Column("is_later", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(
            ["draw_id", "consultation_id"],
            ["group_draw.id", "group_draw.consultation_id"],
            name=op.f("fk_drawn_person_draw_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name=op.f("fk_drawn_person_participant_id")
        ),
        sa.PrimaryKeyConstraint("draw_id", "ticket", name=op.f("pk_drawn_person")),
        sa.UniqueConstraint("draw_id", "participant_id", name=op.f("uq_drawn_person_draw_id_participant_id")),
    )
    op.create_index(op.f("ix_drawn_person_participant_id"), "drawn_person", ["participant_id"], unique=False)
    with op.batch_alter_table("thread") as batch_op:
        batch_op.add_column(sa.Column("group_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_thread_group_id_consultation_id"),
            "discussion_group",
            ["group_id", "consultation_id"],
            ["id", "consultation_id"],
        )
        batch_op.create_index(batch_op.f("ix_thread_group_id"), ["group_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("thread") as batch_op:
        batch_op.drop_index(batch_op.f("ix_thread_group_id"))
        batch_op.drop_constraint(batch_op.f("fk_thread_group_id_consultation_id"), type_="foreignkey")
        batch_op.drop_column("group_id")
    for table in ("drawn_person", "group_draw"):
        op.drop_table(table)
