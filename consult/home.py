"""Where the parts of the application that are not Python lie.

In a checkout ``templates/``, ``static/``, ``migrations/`` and ``config.py`` stand at the top, as the
client's layout says. An installed wheel carries the same four inside the package, because four such
common names at the top of site-packages would meet other people's. ``config.py`` is therefore
loaded by its path; a plain ``import config`` could find any other program's.
"""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

_package = Path(__file__).resolve().parent
_inside = _package / "_home"
IS_CHECKOUT = not _inside.is_dir()
HOME = _package.parent if IS_CHECKOUT else _inside
INSTANCE = HOME / "instance" if IS_CHECKOUT else Path(sys.prefix) / "var" / "consult-instance"

if TYPE_CHECKING:
    from config import Config, ConfigError
else:
    _spec = spec_from_file_location("consult_config", HOME / "config.py")
    _module = module_from_spec(_spec)
    sys.modules["consult_config"] = _module
    _spec.loader.exec_module(_module)
    Config, ConfigError = _module.Config, _module.ConfigError

__all__ = ["HOME", "INSTANCE", "IS_CHECKOUT", "Config", "ConfigError"]
