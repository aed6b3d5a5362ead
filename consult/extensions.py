"""Flask extensions that belong to no feature."""

from flask_compress import Compress
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

login_manager = LoginManager()
csrf = CSRFProtect()
compress = Compress()  # pages of a slow library line; static files are compressed beforehand
