"""Settings come from the environment and are checked at once."""

from pathlib import Path

import pytest

from consult.home import Config, ConfigError

SECRET = {"CONSULT_SECRET_KEY": "s" * 40}


def test_an_empty_environment_is_enough_for_the_command_line(tmp_path: Path) -> None:
    config = Config.from_environment({}, instance=tmp_path, web=False)
    assert config.database_url == f"sqlite:///{tmp_path / 'consult.sqlite'}"
    assert config.secret_key is None


def test_every_fault_is_named_at_once_and_no_value_is_shown(tmp_path: Path) -> None:
    wrong = {"CONSULT_DATABASE_URL": "mysql://root:hunter2@db/x", "CONSULT_BASE_URL": "consult"}
    with pytest.raises(ConfigError) as refused:
        Config.from_environment(wrong, instance=tmp_path)
    said = str(refused.value)
    assert {line.split(" ")[0] for line in said.splitlines()} == {
        "CONSULT_DATABASE_URL",
        "CONSULT_SECRET_KEY",
        "CONSULT_BASE_URL",
    }
    assert "hunter2" not in said


def test_the_host_of_the_base_url_is_trusted(tmp_path: Path) -> None:
    config = Config.from_environment(
        {**SECRET, "CONSULT_BASE_URL": "https://consult.abbeyford.example/"}, instance=tmp_path
    )
    assert config.trusted_hosts == ("consult.abbeyford.example",)
    assert config.base_url == "https://consult.abbeyford.example"
    assert config.is_secure


def test_trusted_hosts_can_be_named(tmp_path: Path) -> None:
    config = Config.from_environment(
        {**SECRET, "CONSULT_TRUSTED_HOSTS": "a.example, b.example"}, instance=tmp_path
    )
    assert config.trusted_hosts == ("a.example", "b.example")
