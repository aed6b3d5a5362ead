"""The council in the forum: what it is asked, what it pins, how a thread ends, prompts by date."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "forum_setting",
        sa.Column("residents_start", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_table(
        "enquiry",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("told", sa.String(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (answer_id IS NULL AND told IS NULL)",
            name=op.f("ck_enquiry_settled_by_something"),
        ),
        sa.CheckConstraint("answer_id IS NULL OR told IS NULL", name=op.f("ck_enquiry_settled_one_way")),
        sa.CheckConstraint("answer_id <> post_id", name=op.f("ck_enquiry_not_its_own_answer")),
        sa.ForeignKeyConstraint(["answer_id"], ["post.id"], name=op.f("fk_enquiry_answer_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_enquiry_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_enquiry_post_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_enquiry")),
    )
    op.create_index(op.f("ix_enquiry_answer_id"), "enquiry", ["answer_id"], unique=False)
    op.create_index(
        op.f("ix_enquiry_consultation_id_due_at"), "enquiry", ["consultation_id", "due_at"], unique=False
    )
    op.create_table(
        "pin",
        sa.Column("thread_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id", "post_id"],
            ["post.thread_id", "post.id"],
            name=op.f("fk_pin_thread_id_post_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("thread_id", name=op.f("pk_pin")),
    )
    op.create_index(op.f("ix_pin_post_id"), "pin", ["post_id"], unique=False)
    op.create_table(
        "conclusion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(reopened_at IS NULL) = (why IS NULL)", name=op.f("ck_conclusion_reopened_for_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["thread_id", "post_id"],
            ["post.thread_id", "post.id"],
            name=op.f("fk_conclusion_thread_id_post_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conclusion")),
        sa.UniqueConstraint("post_id", name=op.f("uq_conclusion_post_id")),
    )
    op.create_index(op.f("ix_conclusion_thread_id"), "conclusion", ["thread_id"], unique=False)
    op.create_index(
        "uq_conclusion_now",
        "conclusion",
        ["thread_id"],
        unique=True,
        sqlite_where=sa.text("reopened_at IS NULL"),
        postgresql_where=sa.text("reopened_at IS NULL"),
    )
    op.create_table(
        "dated_prompt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("appears_on", sa.Date(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_dated_prompt_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["thread.id"], name=op.f("fk_dated_prompt_thread_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dated_prompt")),
        sa.UniqueConstraint(
            "consultation_id", "appears_on", name=op.f("uq_dated_prompt_consultation_id_appears_on")
        ),
    )
    op.create_index(op.f("ix_dated_prompt_thread_id"), "dated_prompt", ["thread_id"], unique=False)


def downgrade() -> None:
    for table in ("dated_prompt", "conclusion", "pin", "enquiry"):
        op.drop_table(table)
    op.drop_column("forum_setting", "residents_start")
