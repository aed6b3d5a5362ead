"""From sentences to seeds: codebooks, judgements, summaries of positions."""

import json
from datetime import UTC, datetime
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "codebook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=100), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_codebook_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codebook")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_codebook_item_id_number")),
    )
    op.create_table(
        "coding_end",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_coding_end_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_coding_end")),
    )
    op.create_table(
        "theme_snapshot",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method_version", sa.String(length=100), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_theme_snapshot_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_theme_snapshot")),
    )
    op.create_table(
        "coding_queue",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("double_percent", sa.Integer(), nullable=False),
        sa.Column("double_minimum", sa.Integer(), nullable=False),
        sa.Column("again_percent", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "again_percent BETWEEN 0 AND 100", name=op.f("ck_coding_queue_again_percent_is_one")
        ),
        sa.CheckConstraint("double_minimum >= 0", name=op.f("ck_coding_queue_double_minimum_not_negative")),
        sa.CheckConstraint(
            "double_percent BETWEEN 0 AND 100", name=op.f("ck_coding_queue_double_percent_is_one")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_coding_queue_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_coding_queue")),
    )
    op.create_table(
        "summary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "counts_shown",
            sa.Enum(
                "at_once",
                "after_first_post",
                "by_lot",
                name="counts_shown",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("override", sa.String(), nullable=True),
        sa.Column("content", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(length=100), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(length=100), nullable=True),
        sa.CheckConstraint(
            "(content IS NULL) = (sha256 IS NULL)", name=op.f("ck_summary_content_with_its_hash")
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (content IS NULL)", name=op.f("ck_summary_published_with_its_content")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_summary_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_summary_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary")),
        sa.UniqueConstraint("id", "consultation_id", name=op.f("uq_summary_id_consultation_id")),
        sa.UniqueConstraint("item_id", name=op.f("uq_summary_item_id")),
    )
    op.create_table(
        "theme_suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_theme_suggestion_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_suggestion")),
    )
    op.create_index(op.f("ix_theme_suggestion_item_id_made_at"), "theme_suggestion", ["item_id", "made_at"])

    op.create_table(
        "position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("summary_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("completion", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("worry", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("opposes_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["opposes_id"], ["position.id"], name=op.f("fk_position_opposes_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["summary_id"], ["summary.id"], name=op.f("fk_position_summary_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position")),
        sa.UniqueConstraint("id", "summary_id", name=op.f("uq_position_id_summary_id")),
        sa.UniqueConstraint("summary_id", "key", name=op.f("uq_position_summary_id_key")),
    )
    op.create_table(
        "presentation",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("summary_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("positions", sa.String(), nullable=False),
        sa.Column("counts_at_once", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_presentation_participant_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["summary_id", "consultation_id"],
            ["summary.id", "summary.consultation_id"],
            name=op.f("fk_presentation_summary_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", "summary_id", name=op.f("pk_presentation")),
    )
    op.create_table(
        "fairness_rating",
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("summary_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("position_version", sa.Integer(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("suggestion", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(rating IS NULL) = (rated_at IS NULL)", name=op.f("ck_fairness_rating_rated_with_a_time")
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_fairness_rating_rating_from_1_to_5")),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_fairness_rating_participant_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["position_id", "summary_id"],
            ["position.id", "position.summary_id"],
            name=op.f("fk_fairness_rating_position_id_summary_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position_id", "participant_id", name=op.f("pk_fairness_rating")),
    )
    op.create_index(op.f("ix_fairness_rating_participant_id"), "fairness_rating", ["participant_id"])

    op.create_table(
        "judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("coder", sa.String(length=100), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("is_again", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "coded", "cannot_code", name="outcome", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("codebook", sa.Integer(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_id", "item_id"],
            ["answer.id", "answer.item_id"],
            name=op.f("fk_judgement_answer_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_judgement_staff_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
        sa.UniqueConstraint(
            "answer_id", "coder", "is_again", name=op.f("uq_judgement_answer_id_coder_is_again")
        ),
    )
    op.create_index(op.f("ix_judgement_item_id_coder"), "judgement", ["item_id", "coder"])

    op.create_table(
        "queued_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("is_again", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "agreement",
            sa.Enum(
                "open",
                "agreed",
                "disputed",
                "settled",
                name="agreement",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("needed > 0 AND judged >= 0", name=op.f("ck_queued_text_counts_are_counts")),
        sa.ForeignKeyConstraint(
            ["answer_id", "item_id"],
            ["answer.id", "answer.item_id"],
            name=op.f("fk_queued_text_answer_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queued_text")),
        sa.UniqueConstraint("answer_id", "is_again", name=op.f("uq_queued_text_answer_id_is_again")),
        sa.UniqueConstraint("item_id", "place", name=op.f("uq_queued_text_item_id_place")),
    )
    op.create_index(
        "ix_queued_text_in_turn",
        "queued_text",
        ["item_id", "place"],
        sqlite_where=sa.text("judged < needed"),
        postgresql_where=sa.text("judged < needed"),
    )
    op.create_index(op.f("ix_queued_text_item_id_agreement"), "queued_text", ["item_id", "agreement"])

    op.create_table(
        "quotation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("summary_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "drawn",
                "accepted",
                "refused",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_quotation_answer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_quotation_participant_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["position_id", "summary_id"],
            ["position.id", "position.summary_id"],
            name=op.f("fk_quotation_position_id_summary_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation")),
        sa.UniqueConstraint("position_id", "answer_id", name=op.f("uq_quotation_position_id_answer_id")),
    )
    op.create_index(
        "uq_quotation_one_of_each_person",
        "quotation",
        ["consultation_id", "participant_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'refused'"),
        postgresql_where=sa.text("state <> 'refused'"),
    )

    with op.batch_alter_table("code") as batch_op:
        batch_op.add_column(sa.Column("is_again", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_code_answer_id_coder_theme_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_code_answer_id_coder_is_again_theme_id"),
            ["answer_id", "coder", "is_again", "theme_id"],
        )

    with op.batch_alter_table("theme") as batch_op:
        batch_op.add_column(sa.Column("include", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("exclude", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("examples", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("position", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("is_retired", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("thread") as batch_op:
        batch_op.add_column(sa.Column("summary_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_thread_summary_id"), "summary", ["summary_id"], ["id"])

    _judge_what_is_coded()
    _freeze_what_is_there()


def downgrade() -> None:
    with op.batch_alter_table("thread") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_thread_summary_id"), type_="foreignkey")
        batch_op.drop_column("summary_id")

    with op.batch_alter_table("theme") as batch_op:
        batch_op.drop_column("is_retired")
        batch_op.drop_column("position")
        batch_op.drop_column("examples")
        batch_op.drop_column("exclude")
        batch_op.drop_column("include")

    with op.batch_alter_table("code") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_code_answer_id_coder_is_again_theme_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_code_answer_id_coder_theme_id"), ["answer_id", "coder", "theme_id"]
        )
        batch_op.drop_column("is_again")

    op.drop_table("quotation")
    op.drop_table("queued_text")
    op.drop_table("judgement")
    op.drop_table("fairness_rating")
    op.drop_table("presentation")
    op.drop_table("position")
    op.drop_table("theme_suggestion")
    op.drop_table("summary")
    op.drop_table("coding_queue")
    op.drop_table("theme_snapshot")
    op.drop_table("coding_end")
    op.drop_table("codebook")


def _judge_what_is_coded() -> None:
    """Whoever gave codes to a text had read it."""
    op.execute(
        "INSERT INTO judgement (answer_id, item_id, coder, outcome)"
        " SELECT DISTINCT answer_id, item_id, coder, 'coded' FROM code ORDER BY answer_id, coder"
    )


def _freeze_what_is_there() -> None:
    """The themes that an item has are the first version of its codebook."""
    bind = op.get_bind()
    found = bind.execute(sa.text("SELECT item_id, key, label, description FROM theme ORDER BY item_id, id"))
    themes: dict[int, list[dict[str, str | None]]] = {}
    for item_id, key, label, description in found:
        words = dict.fromkeys(("include", "exclude", "examples"))
        themes.setdefault(item_id, []).append(
            {"theme": key, "label": label, "description": description, **words}
        )
    codebook = sa.table(
        "codebook",
        sa.column("item_id", sa.Integer),
        sa.column("number", sa.Integer),
        sa.column("content", sa.String),
        sa.column("sha256", sa.String),
        sa.column("frozen_at", sa.DateTime(timezone=True)),
        sa.column("frozen_by", sa.String),
    )
    now = datetime.now(UTC)
    if bind.dialect.name == "sqlite":
        now = now.replace(tzinfo=None)
    for item_id, listed in themes.items():
        content = json.dumps(listed, ensure_ascii=False, separators=(",", ":"))
        bind.execute(
            codebook.insert().values(
                item_id=item_id,
                number=1,
                content=content,
                sha256=sha256(content.encode()).hexdigest(),
                frozen_at=now,
                frozen_by="operator",
            )
        )
