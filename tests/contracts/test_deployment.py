"""What is written for operators is true: settings, proxy, service unit, locks and scripts."""

import importlib.util
import json
import re
import shutil
import subprocess
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from server.settings import ROOT, BadSetting, Settings, env_name, env_values, unknown_names

SETTINGS = {env_name(each) for each in fields(Settings)}


class TestSettings:
    def test_the_manual_names_every_setting_and_no_other(self) -> None:
        for half in (ROOT / "docs/operations.md").read_text().split("\n## ")[1:]:
            table = set(re.findall(r"^\| `(ZHICHA_[A-Z0-9_]+)`", half, re.MULTILINE))
            assert table == SETTINGS
            assert set(re.findall(r"ZHICHA_[A-Z0-9_]*[A-Z0-9]\b", half)) - {"ZHICHA_S3"} <= SETTINGS

    def test_the_manual_gives_each_sentence_as_the_program_does(self) -> None:
        manual = (ROOT / "docs/operations.md").read_text()
        for each in fields(Settings):
            assert f"| {each.metadata['zh']} |" in manual
            assert f"| {each.metadata['en']} |" in manual

    @pytest.mark.parametrize(
        ("environ", "names"),
        [
            ({"ZHICHA_PORT": "eight"}, ["ZHICHA_PORT"]),
            ({"ZHICHA_PORT": "70000"}, ["ZHICHA_PORT"]),
            ({"ZHICHA_DEMO": "perhaps"}, ["ZHICHA_DEMO"]),
            ({"ZHICHA_DATABASE_URL": "mysql://x"}, ["ZHICHA_DATABASE_URL"]),
            ({"ZHICHA_LOG_LEVEL": "loud"}, ["ZHICHA_LOG_LEVEL"]),
            ({"ZHICHA_TLS_CERT": "/a"}, ["ZHICHA_TLS_CERT", "ZHICHA_TLS_KEY"]),
            ({"ZHICHA_S3_ENDPOINT": "minio:9000"}, ["ZHICHA_S3_ACCESS_KEY", "ZHICHA_S3_SECRET_KEY"]),
        ],
    )
    def test_a_bad_value_is_refused_in_both_languages(self, environ: dict[str, str], names: list[str]) -> None:
        with pytest.raises(BadSetting) as refused:
            Settings.from_env(environ)
        zh, _, en = str(refused.value).partition(" / ")
        for name in names:
            assert name in zh
            assert name in en
        assert re.search(r"[\u4e00-\u9fff]", zh)
        assert not re.search(r"[\u4e00-\u9fff]", en)

    def test_secrets_are_not_shown(self) -> None:
        secret = {"ZHICHA_DATABASE_URL": "postgresql://u:hidden@h/d", "ZHICHA_S3_SECRET_KEY": "hidden"}
        assert "hidden" not in repr(Settings.from_env(secret))

    def test_a_process_we_start_reads_the_same_settings(self, tmp_path: Path) -> None:
        settings = Settings(data_dir=tmp_path, demo=True, tls_cert=tmp_path / "c", tls_key=tmp_path / "k", port=1234)
        assert Settings.from_env(env_values(settings)) == settings

    def test_a_typing_error_is_noticed(self) -> None:
        assert unknown_names({"ZHICHA_PROT": "1", "ZHICHA_PORT": "1", "PATH": "x"}) == ["ZHICHA_PROT"]


@pytest.mark.parametrize("issuer", ["acme", "internal"])
def test_caddy_accepts_its_file(issuer: str, tmp_path: Path) -> None:
    caddy = shutil.which("caddy")
    if caddy is None:
        pytest.skip("caddy is not installed (Debian: apt install caddy)")
    environ = {"SITE_HOST": "a.example", "TLS_ISSUER": issuer, "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    command = [caddy, "adapt", "--validate", "--config", str(ROOT / "deploy/Caddyfile"), "--adapter", "caddyfile"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    adapted = done.stdout
    assert '"dial":"web:8600"' in adapted
    assert f'"module":"{issuer}"' in adapted


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    unit = (ROOT / "deploy/zhicha.service").read_text()
    assert "ExecStart=/opt/zhicha/.venv/bin/zhicha up\n" in unit
    assert set(re.findall(r"^Environment=(\w+)=", unit, re.MULTILINE)) <= SETTINGS
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    copy = tmp_path / "zhicha.service"
    copy.write_text(re.sub(r"^ExecStart=.*$", "ExecStart=/bin/true", unit, flags=re.MULTILINE))
    done = subprocess.run([analyze, "verify", "--man=no", str(copy)], capture_output=True, text=True)
    assert "zhicha.service" not in done.stdout + done.stderr


class TestLocks:
    def test_hold_every_dependency_of_the_project_at_its_version(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())
        runtime, dev = project["project"]["dependencies"], project["dependency-groups"]["dev"]
        for lock, wanted in (("requirements.lock", runtime), ("requirements-dev.lock", [*runtime, *dev])):
            locked = set(re.findall(r"^([\w.-]+==[\w.]+)", (ROOT / lock).read_text(), re.MULTILINE))
            missing = {re.split(r"[ ;]", each)[0] for each in wanted} - locked
            assert not missing, f"run `make lock`: {lock} lacks {missing}"

    def test_name_no_index_and_check_every_file(self) -> None:
        for lock in ("requirements.lock", "requirements-dev.lock", "requirements-build.lock"):
            text = (ROOT / lock).read_text()
            assert "://" not in text
            assert "--index" not in text
            for entry in re.split(r"\n(?=\w)", text.partition("\n")[2]):
                assert "--hash=sha256:" in entry, entry
        assert '"resolved"' not in (ROOT / "pwa/package-lock.json").read_text()

    def test_the_front_end_lock_serves_every_platform(self) -> None:
        spec = importlib.util.spec_from_file_location("lock", ROOT / "deploy/complete_package_lock.py")
        assert spec is not None
        assert spec.loader is not None
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        lock = json.loads((ROOT / "pwa/package-lock.json").read_text())
        missing = script.missing_entries(lock["packages"])
        assert not missing, "run: python deploy/complete_package_lock.py"


class TestCommands:
    def test_scripts_are_well_formed(self) -> None:
        for script in (".ci/run", *(str(path.relative_to(ROOT)) for path in (ROOT / "deploy").glob("*.sh"))):
            assert (ROOT / script).stat().st_mode & 0o111, f"{script} is not executable"
            assert subprocess.run(["bash", "-n", script], cwd=ROOT).returncode == 0

    def test_the_integration_runs_what_readme_says(self) -> None:
        readme = (ROOT / "README.md").read_text()
        run = (ROOT / ".ci/run").read_text()
        assert re.search(r"^make test\b", readme, re.MULTILINE)
        assert re.search(r"^make test$", run, re.MULTILINE)
        parts = (ROOT / "Makefile").read_text().split("check:")[1].split("##")[0].split()
        called = {word for words in re.findall(r"^make (.+)$", run, re.MULTILINE) for word in words.split()}
        assert called == {*parts, "setup", "--jobs=2"}

    def test_help_lists_the_two_commands(self) -> None:
        told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for target in ("make run", "make run LAN=1", "make test", "make check", "make bench"):
            assert target in told
