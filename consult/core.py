"""What every command needs of the application: settings, the record, languages."""

from flask import Flask
from flask_migrate import Migrate

from consult import tables  # noqa: F401  (the database knows every table)
from consult.db import db, engine_options, watch
from consult.home import HOME, INSTANCE, Config
from consult.web import languages

MEGABYTE = 1024 * 1024


def create(config: Config | None = None) -> Flask:
    """The application without its pages; raises `ConfigError` if the environment lacks something."""
    config = config or Config.from_environment(instance=INSTANCE)
    app = Flask(
        "consult",
        template_folder=str(HOME / "templates"),
        static_folder=None,
        instance_path=str(INSTANCE),
    )
    app.config.update(
        CONSULT=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url),
        TRUSTED_HOSTS=list(config.trusted_hosts),
        MAX_CONTENT_LENGTH=MEGABYTE,
        MAX_FORM_PARTS=200,
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session: nobody loses a slow answer
        SESSION_COOKIE_NAME="__Host-session" if config.is_secure else "session",
        SESSION_COOKIE_SECURE=config.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_MIMETYPES=["text/html"],
        COMPRESS_BR_LEVEL=5,
    )
    db.init_app(app)
    Migrate(app, db, directory=str(HOME / "migrations"), render_as_batch=True)
    with app.app_context():
        watch(db.engine)
    languages.init_app(app, config)
    return app
