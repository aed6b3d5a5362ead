"""Writing in the forum: drafts that are kept, and who wants to be told by e-mail of replies."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "post_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("sealed_words", sa.String(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_post_draft_participant_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id", "consultation_id"],
            ["thread.id", "thread.consultation_id"],
            name=op.f("fk_post_draft_thread_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id", "parent_id"],
            ["post.thread_id", "post.id"],
            name=op.f("fk_post_draft_thread_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_draft")),
    )
    op.create_index(
        "uq_post_draft_to_thread",
        "post_draft",
        ["participant_id", "thread_id"],
        unique=True,
        sqlite_where=sa.text("parent_id IS NULL"),
        postgresql_where=sa.text("parent_id IS NULL"),
    )
    op.create_index(
        "uq_post_draft_to_post",
        "post_draft",
        ["participant_id", "parent_id"],
        unique=True,
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_post_draft_thread_id_parent_id"), "post_draft", ["thread_id", "parent_id"], unique=False
    )
    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("sealed_address", sa.String(), nullable=False),
        sa.Column("stop_hash", sa.String(length=100), nullable=False),
        sa.Column("told_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_digest_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("consultation_id", "holder", name=op.f("uq_digest_consultation_id_holder")),
        sa.UniqueConstraint("stop_hash", name=op.f("uq_digest_stop_hash")),
    )


def downgrade() -> None:
    op.drop_table("digest")
    op.drop_table("post_draft")
