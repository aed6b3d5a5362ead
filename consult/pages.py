"""The pages: what a request goes through, and the door behind which every feature's routes stand."""

from flask import Flask, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from consult.access import Role
from consult.accounts import current
from consult.accounts import staff as accounts_staff
from consult.analysis import analyst as analysis_analyst
from consult.analysis import officer as analysis_officer
from consult.coding import analyst as coding_analyst
from consult.coding import workbench as coding_workbench
from consult.consultations import admin as consultations_admin
from consult.consultations import entrance, leaving
from consult.consultations import officer as consultations_officer
from consult.consultations import public as consultations_public
from consult.desk import officer as desk_officer
from consult.desk import rehearsal
from consult.exports import analyst as exports_analyst
from consult.extensions import compress, csrf
from consult.forum import facilitator as forum_facilitator
from consult.forum import moderator as forum_moderator
from consult.forum import public as forum_public
from consult.forum import resident as forum_resident
from consult.forum.grouping import officer as grouping_officer
from consult.home import Config
from consult.incentives import officer as incentives_officer
from consult.incentives import resident as incentives_resident
from consult.moderation import moderator as moderation_moderator
from consult.moderation import public as moderation_public
from consult.moderation import resident as moderation_resident
from consult.publicity import officer as publicity_officer
from consult.publicity import public as publicity_public
from consult.recruitment import public as recruitment_public
from consult.recruitment import resident as recruitment_resident
from consult.representation import analyst as representation_analyst
from consult.representation import officer as representation_officer
from consult.representation import two_questions as representation_two_questions
from consult.rights import resident as rights_resident
from consult.summaries import moderator as summaries_moderator
from consult.summaries import resident as summaries_resident
from consult.surveys import moderator as surveys_moderator
from consult.surveys import officer as surveys_officer
from consult.surveys import resident as surveys_resident
from consult.web import assets, bodies, errors, headers, language_choice, numbers, once, rendering
from consult.web.audiences import Audience, open_door, staff_door


def init_app(app: Flask) -> None:
    """Every page stands behind its door, and every request goes the same way."""
    config: Config = app.config["CONSULT"]
    bodies.init_app(app)
    numbers.init_app(app)
    csrf.init_app(app)
    compress.init_app(app)

    @app.before_request
    def _read_only_unless_posted() -> None:
        g.is_reading = request.method in {"GET", "HEAD", "OPTIONS"}

    assets.init_app(app)
    headers.init_app(app, is_secure=config.is_secure)
    once.init_app(app)
    rendering.init_app(app, config)
    errors.init_app(app)
    current.init_app(app)
    rehearsal.init_app(app)
    if config.proxies:
        # Only who the visitor is: host and scheme come from our own settings, never from a header.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    _open_doors(app)


def _open_doors(app: Flask) -> None:
    """Every feature's routes stand behind the door of their audience."""
    roles = current.roles_anywhere
    public = Audience("public", url_prefix=None, guard=open_door)
    resident = Audience("resident", url_prefix="/consultations/<slug>", guard=entrance.door)
    staff = Audience("staff", url_prefix="/staff", guard=open_door)
    officer = Audience(
        "officer", url_prefix="/officer", guard=staff_door(roles, Role.OFFICER, Role.ADMINISTRATOR)
    )
    analyst = Audience("analyst", url_prefix="/analyst", guard=staff_door(roles, Role.ANALYST, Role.OFFICER))
    moderator = Audience(
        "moderator",
        url_prefix="/moderator",
        guard=staff_door(roles, Role.MODERATOR, Role.OFFICER, Role.ANALYST),
    )
    admin = Audience("admin", url_prefix="/admin", guard=staff_door(roles, Role.ADMINISTRATOR))
    rooms = {
        public: (
            consultations_public,
            leaving,
            recruitment_public,
            forum_public,
            moderation_public,
            language_choice,
            publicity_public,
        ),
        resident: (
            recruitment_resident,
            surveys_resident,
            forum_resident,
            moderation_resident,
            summaries_resident,
            rights_resident,
            incentives_resident,
        ),
        staff: (accounts_staff,),
        officer: (
            desk_officer,
            consultations_officer,
            surveys_officer,
            incentives_officer,
            publicity_officer,
            representation_officer,
            representation_two_questions,
            grouping_officer,
            analysis_officer,
        ),
        moderator: (
            forum_moderator,
            forum_facilitator,
            moderation_moderator,
            summaries_moderator,
            surveys_moderator,
        ),
        analyst: (
            analysis_analyst,
            coding_analyst,
            coding_workbench,
            exports_analyst,
            representation_analyst,
        ),
        admin: (consultations_admin,),
    }
    for audience, modules in rooms.items():
        for module in modules:
            audience.register_blueprint(module.blueprint)
        app.register_blueprint(audience)
