"""`consult <verb>`: thin calls to the services, and what each verb prints.

Exit codes: 0 done; 2 bad usage or refused input, with reasons on standard error and nothing
changed; 1 anything else. Heavy imports stay inside the verbs, so that `consult --help` is quick.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from consult.access import CONSULTATION_ROLES, OPERATOR, STAFF_ROLES, Role
from consult.errors import DomainError
from consult.home import INSTANCE, Config, ConfigError

FAILED, REFUSED = 1, 2
HERE = "127.0.0.1:8000"
FORMATS = ("csv", "xlsx")


class Refused(click.ClickException):
    """What was asked for is refused; the reasons go to standard error as they are."""

    exit_code = REFUSED

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file or sys.stderr)


class Failed(click.ClickException):
    """It could not be done."""

    exit_code = FAILED

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file or sys.stderr)


@contextmanager
def _application(*, web: bool = False, pages: bool = True, current: bool = True) -> Iterator[Any]:
    """Run with the application's context; ``current`` asks for a database that is up to date.

    ``web`` asks for the secret key, and for the pages too unless ``pages`` is false.
    """
    from sqlalchemy.exc import OperationalError

    from consult import create_app
    from consult.operations import schema
    from consult.operations.errors import InstallationError

    try:
        app = create_app(Config.from_environment(instance=INSTANCE, web=web), with_pages=web and pages)
    except ConfigError as error:
        raise Failed(str(error)) from error
    with app.app_context():
        if current:
            problem = schema.problem()
            if problem:
                raise Failed(problem)
        try:
            yield app
        except DomainError as error:
            raise Refused(error.message) from error
        except InstallationError as error:
            raise Failed(str(error)) from error
        except OperationalError as error:  # locked, full, gone: the operator's to mend
            raise Failed(f"The database said: {str(error.orig).strip()}") from error


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="threestage-consult", prog_name="consult")
def cli() -> None:
    """Three-stage deliberative consultations for councils."""


@cli.command()
def init() -> None:
    """Create the database, or bring it up to date. Safe to repeat.

    \b
    Example:
      consult init
    """
    from consult.operations import schema

    with _application(current=False):
        click.echo(schema.upgrade())


@cli.command()
@click.option("--serve", "then_serve", is_flag=True, help="Start the server afterwards.")
def demo(then_serve: bool) -> None:
    """Fill the database with a made-up council and print how to sign in.

    \b
    Example:
      consult demo --serve
    """
    from consult.operations import schema
    from consult.operations.demo import build_sample_council
    from consult.operations.server import is_answered

    with _application(web=True, current=False) as app:
        schema.upgrade()
        click.echo(build_sample_council(OPERATOR, app.config["CONSULT"]))
    if then_serve and is_answered(HERE):  # said again in another terminal, for fresh codes
        click.echo(f"Something is served at {HERE} already; it goes on.")
    elif then_serve:
        _serve(HERE, 2)


@cli.command()
@click.option("--bind", default=HERE, metavar="HOST:PORT", show_default=True)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(bind: str, workers: int) -> None:
    """Serve the pages.

    \b
    Example:
      consult serve --bind 0.0.0.0:8000 --workers 2
    """
    _serve(bind, workers)


def _serve(bind: str, workers: int) -> None:
    from consult.operations.server import serve_for_ever

    with _application(web=True) as app:
        pass
    serve_for_ever(app, bind=bind, workers=workers)


@cli.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Take the place of the consultation with the same slug.")
@click.option("--json", "as_json", is_flag=True, help="Print what was loaded as JSON.")
def load(path: Path, replace: bool, as_json: bool) -> None:
    """Take in a whole consultation from a folder of files, all of it or nothing.

    \b
    Example:
      consult load bundles/licensing-2026
    """
    import json

    from consult.analysis.service import freeze_if_closed
    from consult.bundles.service import load_bundle
    from consult.db import db

    with _application():
        loaded = load_bundle(OPERATOR, path, replace=replace, progress=_progress())
        freeze_if_closed(OPERATOR, loaded.consultation)
        db.session.commit()
        counts = loaded.counts
        if as_json:
            click.echo(json.dumps({"consultation": loaded.consultation.slug, "counts": counts}))
        else:
            click.echo(
                f"Loaded {loaded.consultation.slug}: "
                + ", ".join(f"{n:,} {what}" for what, n in counts.items())
            )


def _progress() -> Any:
    """Say how far it has come, once a second, on standard error; silent for the first second."""
    from time import monotonic

    began = said = monotonic()

    def tell(what: str, done: int) -> None:
        nonlocal said
        if monotonic() - said >= 1:
            said = monotonic()
            click.echo(f"{said - began:5.0f} s  {what}: {done:,}", err=True)

    return tell


@cli.command()
@click.argument("slug")
@click.argument("path", type=click.Path(path_type=Path))
def dump(slug: str, path: Path) -> None:
    """Write a whole consultation as a folder of files that `load` reads.

    \b
    Example:
      consult dump licensing-2026 copies/licensing-2026
    """
    from consult.bundles.service import dump_bundle
    from consult.db import reading

    with _application(), reading():
        dump_bundle(OPERATOR, _consultation(slug), path)
    click.echo(f"Wrote {slug} to {path}")


def _consultation(slug: str) -> Any:
    from consult.consultations.queries import find_consultation
    from consult.errors import Invalid

    consultation = find_consultation(slug)
    if consultation is None:
        raise Invalid(f"There is no consultation called {slug!r}.")
    return consultation


@cli.command()
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="Print everything, in full precision.")
@click.option("--weights", type=click.Choice(["none", "raked"]), default="none", show_default=True)
@click.option("--by", metavar="group|arm|DEMOGRAPHIC", help="Add each value of this variable apart.")
@click.option("--item", metavar="KEY", help="Only this item.")
@click.option("--settings", "chosen", hidden=True)  # how weights are made, as JSON: what a page asks for
def compare(
    *, slug: str, as_json: bool, weights: str, by: str | None, item: str | None, chosen: str | None
) -> None:
    """Compare what people said before and after.

    \b
    Example:
      consult compare licensing-2026 --by age_band --json
    """
    import json

    from consult.analysis.service import comparison, count_lookalikes, keep_lookalikes
    from consult.analysis.table import as_table
    from consult.db import db, reading
    from consult.weighting.refused import WeightsRefused
    from consult.weighting.rules import settings_from
    from consult.weighting.service import METHOD

    settings = METHOD if chosen is None else settings_from(json.loads(chosen))
    with _application():
        with reading():  # the long looking, before anybody else has to wait
            looked = count_lookalikes(_consultation(slug))
            db.session.rollback()
        if looked:
            keep_lookalikes(OPERATOR, _consultation(slug), looked)
        try:
            result = comparison(
                OPERATOR, _consultation(slug), weights=weights, by=by, item=item, settings=settings
            )
        except WeightsRefused as refusal:
            if chosen is None:
                raise
            raise Refused(refusal.as_json()) from refusal  # the page tells it in its language
        db.session.commit()
    click.echo(json.dumps(result, ensure_ascii=False, allow_nan=False) if as_json else as_table(result))


@cli.command()
@click.argument("slug")
@click.option("--json", "as_json", is_flag=True, help="Print everything, in full precision.")
@click.option(
    "--import", "file", type=click.Path(path_type=Path), metavar="FILE", help="Take targets from this file."
)
@click.option("--area", metavar="CODE", help="Code or name of the area, where the file has several.")
@click.option("--bands", metavar="16-17,18-24,…,85+", help="Age bands; else the answers that are asked.")
@click.option("--variable", metavar="KEY", help="Only the targets of this question.")
@click.option("--partial", is_flag=True, help="Answers may stay without a target.")
def targets(
    *,
    slug: str,
    as_json: bool,
    file: Path | None,
    area: str | None,
    bands: str | None,
    variable: str | None,
    partial: bool,
) -> None:
    """Say who is missing beside the population; with --import, take targets from a file.

    FILE is a census table as it was downloaded, a table with a row for each category, or one of a tool
    that draws lots. The targets of its questions are replaced, all of them or none; the others stay.

    \b
    Example:
      consult targets licensing-2026 --json
      consult targets licensing-2026 --import census2021-ts007-ltla.csv --area E09000007 --bands 16-24,25+
    """
    import json

    from consult.db import reading
    from consult.panel.report import as_table
    from consult.panel.standing import standing

    if file is None and (area or bands or variable or partial):
        raise click.UsageError("--area, --bands, --variable and --partial belong to --import.")
    with _application():
        consultation = _consultation(slug)
        if file is not None:
            told = _import_targets(
                consultation, file, area=area, bands=bands, variable=variable, is_partial=partial
            )
            click.echo(told, err=as_json)
        with reading():
            content = standing(OPERATOR, consultation)
    click.echo(json.dumps(content, ensure_ascii=False, allow_nan=False) if as_json else as_table(content))


def _import_targets(consultation: Any, file: Path, **how: Any) -> str:
    """The targets of the file are in the record, for good; says how many and what to know about them."""
    from consult.db import db
    from consult.panel.grid import MOST_BYTES
    from consult.panel.importing import import_targets
    from consult.panel.refused import FileRefused

    try:
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused(f"{file}: this file cannot be read") from error
    try:
        imported = import_targets(OPERATOR, consultation, data, **how)
    except FileRefused as refusal:
        raise Refused("\n".join(refusal.lines(file.name))) from refusal
    db.session.commit()
    done = f"Imported {imported.count} targets: {', '.join(imported.variables)}"
    return "\n".join([done, *(f"Note: {notice}" for notice in imported.notices), ""])


@cli.command()
@click.argument("slug")
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), metavar="DIR")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="csv", show_default=True)
@click.option("--weights", type=click.Choice(["none", "raked"]), default="none", show_default=True)
def export(slug: str, folder: Path, kind: str, weights: str) -> None:
    """Write the analyst's package: data, codebook, method, checksums.

    \b
    Example:
      consult export licensing-2026 --to for-analysis --format xlsx
    """
    from consult.db import db
    from consult.exports.service import export_package

    with _application():
        # The reading is committed before the files are written, so that others need not wait for them.
        written = export_package(
            OPERATOR,
            _consultation(slug),
            folder,
            kind=kind,
            weights=weights,
            after_reading=db.session.commit,
        )
        db.session.commit()
    click.echo(f"Wrote {', '.join(written)} to {folder}")


@cli.command()
@click.argument("slug")
@click.argument("item")
@click.option("--json", "as_json", is_flag=True, help="Print everything, with who belongs to each theme.")
@click.option("--k", type=int, metavar="N", help="So many themes, from 2 to 20; else a fitting number.")
def themes(*, slug: str, item: str, as_json: bool, k: int | None) -> None:
    """Suggest themes for what people wrote to an open item. Nothing is stored and nothing is sent away.

    \b
    Example:
      consult themes licensing-2026 why --json
    """
    import json

    from consult.coding.as_words import themes_as_text
    from consult.coding.suggesting import themes_of
    from consult.db import reading

    with _application(), reading():
        found = themes_of(OPERATOR, _consultation(slug), item, k=k)
    click.echo(json.dumps(found, ensure_ascii=False, allow_nan=False) if as_json else themes_as_text(found))


@cli.command()
@click.argument("slug")
@click.argument("item")
@click.option("--json", "as_json", is_flag=True, help="Print everything, in full precision.")
def agreement(*, slug: str, item: str, as_json: bool) -> None:
    """Say how far the coders of an open item agree.

    \b
    Example:
      consult agreement licensing-2026 why --json
    """
    import json

    from consult.coding.agreeing import agreement_of
    from consult.coding.as_words import agreement_as_text
    from consult.db import reading

    with _application(), reading():
        found = agreement_of(OPERATOR, _consultation(slug), item)
    click.echo(
        json.dumps(found, ensure_ascii=False, allow_nan=False) if as_json else agreement_as_text(found)
    )


@cli.group()
def staff() -> None:
    """Staff accounts."""


@staff.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice([r.value for r in STAFF_ROLES]), required=True)
@click.option(
    "--consultation",
    "slug",
    metavar="SLUG",
    help="Where the role is held; not for administrators, not needed for officers.",
)
def add(email: str, role: str, slug: str | None) -> None:
    """Add a member of staff, or a role of one, and print a one-time link to set up signing in.

    An officer without --consultation may set up consultations of their own.

    \b
    Example:
      consult staff add ana.lyst@abbeyford.example --role analyst --consultation licensing-2026
    """
    from consult.accounts.service import add_staff
    from consult.db import db

    chosen = Role(role)
    if slug is None and chosen in CONSULTATION_ROLES and chosen is not Role.OFFICER:
        raise click.UsageError("--consultation is needed for this role.")
    if slug is not None and chosen is Role.ADMINISTRATOR:
        raise click.UsageError("An administrator is for the whole site.")
    with _application(web=True) as app:
        where = _consultation(slug) if slug else None
        link = add_staff(OPERATOR, email, role=chosen, consultation=where, config=app.config["CONSULT"])
        db.session.commit()
    click.echo(link)


@staff.command("reset")
@click.argument("email")
def reset(email: str) -> None:
    """End somebody's sessions, forget their password and app, and print a new one-time link.

    \b
    Example:
      consult staff reset ana.lyst@abbeyford.example
    """
    from consult.accounts.service import reset_staff
    from consult.db import db

    with _application(web=True) as app:
        link = reset_staff(OPERATOR, email, config=app.config["CONSULT"])
        db.session.commit()
    click.echo(link)


@cli.command()
def send() -> None:
    """Send the e-mails that are due: who asked for it is told of new replies, once a day at the most.

    Run it once a day, or as often as you like: nobody gets two on one day. Of a forum that has been over
    for a day it deletes the addresses, and what people had typed and not posted.

    \b
    Example:
      consult send
    """
    from consult.forum.digest_sending import send_digests
    from consult.web.mail import relay

    with _application(web=True, pages=False) as app:
        config = app.config["CONSULT"]
        run = send_digests(lambda: relay(config), config=config)
    click.echo(f"Sent {run.sent} e-mail{'' if run.sent == 1 else 's'}.")
    if run.refused:
        raise Failed(f"The mail server did not take {run.refused}. Look at its log.")


@cli.command()
@click.argument("path", type=click.Path(path_type=Path))
def backup(path: Path) -> None:
    """Write a consistent copy of the whole database while it is running.

    \b
    Example:
      consult backup copies/monday.backup
    """
    from consult.operations.backup import write_backup

    with _application() as app:
        click.echo(write_backup(app, path))


@cli.command()
@click.argument("path", type=click.Path(path_type=Path))
def restore(path: Path) -> None:
    """Fill an empty database from a backup and check that everything arrived.

    \b
    Example:
      consult restore copies/monday.backup
    """
    from consult.operations.backup import restore_backup

    with _application(current=False) as app:
        click.echo(restore_backup(app, path))


@cli.command()
def check() -> None:
    """Say what is wrong with this installation.

    \b
    Example:
      consult check
    """
    from consult.operations.checks import findings

    with _application(current=False) as app:
        found = list(findings(app))
    for finding in found:
        click.echo(f"{'ok   ' if finding.is_good else 'WRONG'}  {finding.sentence}")
    if not all(finding.is_good for finding in found):
        raise SystemExit(FAILED)


def main() -> None:
    """Run the command line."""
    cli(prog_name="consult")
