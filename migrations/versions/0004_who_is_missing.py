"""Who is missing: targets that are counted, the panel, thanks, weights."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEPT = ("consultation_id", "demographic_id", "option_id", "population", "minimum", "maximum")


def upgrade() -> None:
    _make_target_anew()
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column("sealed_contact", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_contact_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("consultation_id", "holder", name=op.f("uq_contact_consultation_id_holder")),
    )
    op.create_table(
        "incentive",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "voucher",
                "prize_draw",
                "donation",
                "time_credits",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("pence_survey", sa.Integer(), nullable=False),
        sa.Column("pence_follow_up", sa.Integer(), nullable=False),
        sa.CheckConstraint("pence_survey + pence_follow_up > 0", name=op.f("ck_incentive_worth_something")),
        sa.CheckConstraint(
            "pence_survey >= 0 AND pence_follow_up >= 0", name=op.f("ck_incentive_worth_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_incentive_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incentive")),
        sa.UniqueConstraint("consultation_id", "key", name=op.f("uq_incentive_consultation_id_key")),
        sa.UniqueConstraint(
            "consultation_id", "position", name=op.f("uq_incentive_consultation_id_position")
        ),
        sa.UniqueConstraint("id", "consultation_id", name=op.f("uq_incentive_id_consultation_id")),
    )
    op.create_table(
        "incentive_plan",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("is_for_panel", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("collected_from", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_incentive_plan_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_incentive_plan")),
    )
    op.create_table(
        "panel",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("filled", sa.Integer(), server_default="0", nullable=False),
        sa.Column("retention", sa.Integer(), server_default="70", nullable=False),
        sa.CheckConstraint("filled >= 0 AND filled <= size", name=op.f("ck_panel_never_over")),
        sa.CheckConstraint("retention BETWEEN 1 AND 100", name=op.f("ck_panel_retention_is_a_share")),
        sa.CheckConstraint("size >= 1", name=op.f("ck_panel_size_is_some")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_panel_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_panel")),
    )
    op.create_table(
        "lookalikes",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column(
            "wave",
            sa.Enum("pre", "post", name="wave", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("alike", sa.Integer(), nullable=False),
        sa.CheckConstraint("alike >= 0 AND alike <= people", name=op.f("ck_lookalikes_some_of_the_people")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_lookalikes_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", "wave", name=op.f("pk_lookalikes")),
    )
    op.create_table(
        "turnout",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("demographic_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("began", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("stayed", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_turnout_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "consultation_id", "channel_id", "demographic_id", "option_id", name=op.f("pk_turnout")
        ),
    )
    op.create_table(
        "weight_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=100), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settings", sa.String(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_weight_version_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weight_version")),
        sa.UniqueConstraint(
            "consultation_id", "digest", name=op.f("uq_weight_version_consultation_id_digest")
        ),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_weight_version_consultation_id_number")
        ),
        sa.UniqueConstraint("id", "consultation_id", name=op.f("uq_weight_version_id_consultation_id")),
    )
    op.create_table(
        "incentive_due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=100), nullable=False),
        sa.Column(
            "wave",
            sa.Enum("pre", "post", name="wave", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("incentive_id", sa.Integer(), nullable=False),
        sa.Column("pence", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("owed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "issued_at IS NOT NULL OR collected_at IS NULL",
            name=op.f("ck_incentive_due_issued_before_collected"),
        ),
        sa.CheckConstraint("pence > 0", name=op.f("ck_incentive_due_worth_something")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_incentive_due_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["incentive_id", "consultation_id"],
            ["incentive.id", "incentive.consultation_id"],
            name=op.f("fk_incentive_due_incentive_id_consultation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incentive_due")),
        sa.UniqueConstraint(
            "consultation_id", "holder", "wave", name=op.f("uq_incentive_due_consultation_id_holder_wave")
        ),
        sa.UniqueConstraint(
            "consultation_id", "reference", name=op.f("uq_incentive_due_consultation_id_reference")
        ),
    )
    with op.batch_alter_table("incentive_due") as batch_op:
        batch_op.create_index(batch_op.f("ix_incentive_due_incentive_id"), ["incentive_id"], unique=False)

    op.create_table(
        "panel_place",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_panel_place_participant_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_panel_place")),
    )
    with op.batch_alter_table("panel_place") as batch_op:
        batch_op.create_index(batch_op.f("ix_panel_place_consultation_id"), ["consultation_id"], unique=False)

    op.create_table(
        "weight",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id", "consultation_id"],
            ["participant.id", "participant.consultation_id"],
            name=op.f("fk_weight_participant_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["version_id", "consultation_id"],
            ["weight_version.id", "weight_version.consultation_id"],
            name=op.f("fk_weight_version_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "participant_id", name=op.f("pk_weight")),
    )
    op.create_table(
        "limit_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(confirmed_by_id IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_limit_change_confirmed_at_a_time"),
        ),
        sa.CheckConstraint("after > before", name=op.f("ck_limit_change_only_raised")),
        sa.CheckConstraint(
            "confirmed_by_id <> asked_by_id", name=op.f("ck_limit_change_confirmed_by_another")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["staff.id"], name=op.f("fk_limit_change_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["staff.id"], name=op.f("fk_limit_change_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_limit_change_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_id", "consultation_id"],
            ["target.id", "target.consultation_id"],
            name=op.f("fk_limit_change_target_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limit_change")),
        sa.UniqueConstraint("id", "consultation_id", name=op.f("uq_limit_change_id_consultation_id")),
    )
    with op.batch_alter_table("limit_change") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_limit_change_consultation_id"), ["consultation_id"], unique=False
        )

    op.create_table(
        "panel_place_target",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["panel_place.participant_id"],
            name=op.f("fk_panel_place_target_participant_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target.id"], name=op.f("fk_panel_place_target_target_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("participant_id", "target_id", name=op.f("pk_panel_place_target")),
    )
    with op.batch_alter_table("panel_place_target") as batch_op:
        batch_op.create_index(batch_op.f("ix_panel_place_target_target_id"), ["target_id"], unique=False)

    with op.batch_alter_table("channel") as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.Enum(
                    "library",
                    "age_charity",
                    "online_centre",
                    "community",
                    "school",
                    "mailing",
                    "social",
                    "other",
                    name="kind",
                    native_enum=False,
                    create_constraint=True,
                    length=20,
                ),
                server_default="other",
                nullable=False,
            )
        )

    with op.batch_alter_table("demographic") as batch_op:
        batch_op.add_column(sa.Column("standard", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("base", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("source", sa.String(), nullable=True))

    with op.batch_alter_table("demographic_option") as batch_op:
        batch_op.add_column(sa.Column("leads_to_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("is_implied", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_demographic_option_leads_to_id"),
            "demographic",
            ["leads_to_id"],
            ["id"],
            ondelete="SET NULL",
        )

    with op.batch_alter_table("participant") as batch_op:
        batch_op.add_column(sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True))
    waits = sa.text("waiting_since IS NOT NULL")
    op.create_index(
        "ix_participant_waiting",
        "participant",
        ["consultation_id", "waiting_since", "position"],
        unique=False,
        sqlite_where=waits,
        postgresql_where=waits,
    )


def _make_target_anew() -> None:
    """Targets have many more rules than SQLite can be told of a table that is there."""
    names = ", ".join(_KEPT)
    op.execute(f"CREATE TEMPORARY TABLE target_kept AS SELECT id, {names} FROM target")  # noqa: S608  (our own names)
    op.drop_table("target")
    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("demographic_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("crossed_demographic_id", sa.Integer(), nullable=True),
        sa.Column("crossed_option_id", sa.Integer(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("minimum", sa.Integer(), nullable=True),
        sa.Column("aim", sa.Integer(), nullable=True),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.Column("minimum_flex", sa.Integer(), nullable=True),
        sa.Column("maximum_flex", sa.Integer(), nullable=True),
        sa.Column("filled", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("population >= 0", name=op.f("ck_target_population_not_negative")),
        sa.CheckConstraint("minimum >= 0 AND maximum >= 0", name=op.f("ck_target_limits_not_negative")),
        sa.CheckConstraint("minimum <= maximum", name=op.f("ck_target_minimum_up_to_maximum")),
        sa.CheckConstraint("minimum <= aim AND aim <= maximum", name=op.f("ck_target_aim_between_limits")),
        sa.CheckConstraint(
            "minimum_flex >= 0 AND minimum_flex <= minimum", name=op.f("ck_target_flex_below_minimum")
        ),
        sa.CheckConstraint("maximum_flex >= maximum", name=op.f("ck_target_flex_above_maximum")),
        sa.CheckConstraint("filled >= 0 AND filled <= maximum", name=op.f("ck_target_never_over")),
        sa.CheckConstraint(
            "(crossed_demographic_id IS NULL) = (crossed_option_id IS NULL)",
            name=op.f("ck_target_crossed_with_an_option"),
        ),
        sa.CheckConstraint(
            "demographic_id <> crossed_demographic_id", name=op.f("ck_target_crossed_with_another")
        ),
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
        sa.ForeignKeyConstraint(
            ["crossed_demographic_id", "consultation_id"],
            ["demographic.id", "demographic.consultation_id"],
            name=op.f("fk_target_crossed_demographic_id_consultation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["crossed_demographic_id", "crossed_option_id"],
            ["demographic_option.demographic_id", "demographic_option.id"],
            name=op.f("fk_target_crossed_demographic_id_crossed_option_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint(
            "demographic_id",
            "option_id",
            "crossed_demographic_id",
            "crossed_option_id",
            name=op.f("uq_target_crossed_categories"),
        ),
        sa.UniqueConstraint("id", "consultation_id", name=op.f("uq_target_id_consultation_id")),
    )
    plain = sa.text("crossed_option_id IS NULL")
    op.create_index(
        "uq_target_category",
        "target",
        ["demographic_id", "option_id"],
        unique=True,
        sqlite_where=plain,
        postgresql_where=plain,
    )
    op.create_index(op.f("ix_target_consultation_id"), "target", ["consultation_id"], unique=False)
    op.execute(f"INSERT INTO target ({names}) SELECT {names} FROM target_kept ORDER BY id")  # noqa: S608
    op.execute("DROP TABLE target_kept")


def downgrade() -> None:
    op.execute("DELETE FROM target WHERE crossed_option_id IS NOT NULL OR population IS NULL")
    names = ", ".join(_KEPT)
    op.execute(f"CREATE TEMPORARY TABLE target_kept AS SELECT id, {names} FROM target")  # noqa: S608
    op.drop_table("panel_place_target")
    op.drop_table("limit_change")
    op.drop_table("target")
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
    op.execute(f"INSERT INTO target ({names}) SELECT {names} FROM target_kept ORDER BY id")  # noqa: S608
    op.execute("DROP TABLE target_kept")

    op.drop_index("ix_participant_waiting", table_name="participant")
    with op.batch_alter_table("participant") as batch_op:
        batch_op.drop_column("waiting_since")

    with op.batch_alter_table("demographic_option") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_demographic_option_leads_to_id"), type_="foreignkey")
        batch_op.drop_column("is_implied")
        batch_op.drop_column("leads_to_id")

    with op.batch_alter_table("demographic") as batch_op:
        batch_op.drop_column("source")
        batch_op.drop_column("base")
        batch_op.drop_column("standard")

    with op.batch_alter_table("channel") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_channel_kind"), type_="check")
        batch_op.drop_column("kind")

    op.drop_table("turnout")
    op.drop_table("lookalikes")
    op.drop_table("weight")
    op.drop_table("weight_version")
    op.drop_table("panel_place")
    op.drop_table("panel")
    op.drop_table("incentive_due")
    op.drop_table("incentive_plan")
    op.drop_table("incentive")
    op.drop_table("contact")
