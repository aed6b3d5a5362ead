"""A page is judged by the Nu HTML Checker, or it is said that this computer does not have it.

The checker is `vnu.jar` of the npm package `vnu-jar` (30 MB, so it is not kept here), and needs Java.
`CONSULT_VNU_JAR` names the file; without that it is looked for in the person's cache folder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

ABSENT: Final = (
    "The Nu HTML Checker is not available: it needs Java, "
    "and vnu.jar as CONSULT_VNU_JAR or in ~/.cache/consult/."
)
# What the checker says and we mean: htmx's attributes; and, as GOV.UK Frontend has them for old screen
# readers, the role of a fieldset of text boxes and the double hiding of the menu button.
MEANT: Final = re.compile(
    "Attribute “hx-[a-z-]+” not allowed"
    "|The “group” role is unnecessary for element “fieldset”"
    "|Attribute “aria-hidden” is unnecessary for elements that have attribute “hidden”",
)


class NuNotAvailableError(Exception):
    """This computer has no Java or no vnu.jar."""


def find_nu() -> list[str] | None:
    """The command that runs the checker, or None if something of it is missing."""
    jar = Path(os.environ.get("CONSULT_VNU_JAR") or Path.home() / ".cache/consult/vnu.jar")
    java = shutil.which("java")
    return [java, "-jar", str(jar)] if java and jar.is_file() else None


def nu_problems_of(html: str) -> list[str]:
    """What the Nu HTML Checker says about a page, errors and warnings alike; empty for a good page.

    Raises
    ------
    NuNotAvailableError
        If Java or the checker is missing.
    """
    command = find_nu()
    if command is None:
        raise NuNotAvailableError(ABSENT)
    run = subprocess.run(
        [*command, "--stdout", "--format", "json", "--exit-zero-always", "-"],
        input=html,
        capture_output=True,
        text=True,
        check=True,
    )
    messages: list[dict[str, Any]] = json.loads(run.stdout)["messages"]
    return [
        f"line {message.get('lastLine', '?')}: {message['message']}"
        for message in messages
        if (message["type"] != "info" or message.get("subType") == "warning")
        and not MEANT.search(message["message"])
    ]
