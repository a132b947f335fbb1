"""The containers are what the manual says: Compose file and Dockerfiles, read without Docker."""

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from dataclasses import fields
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.settings import ROOT, Settings, env_name
from tests.media.minio_server import cache_folder

SETTINGS = {env_name(each) for each in fields(Settings)}
DOCKERFILES = ("deploy/Dockerfile", "deploy/minio.Dockerfile")
INSTRUCTIONS = {
    *("FROM", "RUN", "CMD", "EXPOSE", "ENV", "ADD", "COPY", "ENTRYPOINT", "VOLUME", "USER", "WORKDIR"),
    *("ARG", "HEALTHCHECK", "LABEL", "SHELL", "STOPSIGNAL", "ONBUILD"),
}
COMPOSE_LOADER = "github.com/compose-spec/compose-go/v2/cmd@v2.16.2"
SECRETS = {"POSTGRES_PASSWORD": "p1", "MINIO_ROOT_USER": "u1", "MINIO_ROOT_PASSWORD": "p2", "SITE_HOST": "a.example"}


OPTIONS = {
    "TSA_URLS": "https://tsa.example",
    "TSA_ROOTS": "./roots.pem",
    "WITNESSES": "w.example/w1+00000000+AAAA https://w.example",
    "LOG_ORIGIN": "a.example/log",
    "METRICS_TOKEN": "t1",
    "PUSH_CONTACT": "mailto:a@a.example",
}


def compose(given: dict[str, str] | None = None) -> dict[str, Any]:
    """The file as Compose reads it with what an operator gave in ``.env``; by default what is demanded."""
    environ = SECRETS if given is None else given

    def value(found: re.Match[str]) -> str:
        name, how, other = found.groups()
        known = environ.get(name, "")
        if how == ":?" and not known:
            raise LookupError(other)
        if how == ":+":
            return other if known else ""
        return known or (other if how == ":-" else "")

    def filled(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: filled(each) for key, each in node.items()}
        if isinstance(node, list):
            return [filled(each) for each in node]
        return re.sub(r"\$\{(\w+)(?:(:[-+?])([^}]*))?\}", value, node) if isinstance(node, str) else node

    read: dict[str, Any] = filled(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))
    return read


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    """Instruction and rest of each logical line."""
    lines = [line for line in (ROOT / dockerfile).read_text().splitlines() if not line.lstrip().startswith("#")]
    logical = re.sub(r"\\\n", " ", "\n".join(lines)).splitlines()
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in logical if line.strip()]


def stages(dockerfile: str) -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = []
    for word, rest in instructions(dockerfile):
        if word == "FROM":
            found.append([])
        found[-1].append((word, rest))
    return found


class TestCompose:
    def test_the_services_are_those_of_the_architecture(self) -> None:
        assert set(compose()["services"]) == {"migrate", "web", "worker", "postgres", "minio", "caddy"}

    def test_the_order_of_start_is_possible(self) -> None:
        services = compose()["services"]
        graph = {name: set(service.get("depends_on", {})) for name, service in services.items()}
        order = list(TopologicalSorter(graph).static_order())
        assert set(order) == set(services)
        assert order.index("migrate") < min(order.index("web"), order.index("worker"))
        for service in services.values():
            for needed, how in service.get("depends_on", {}).items():
                if how["condition"] == "service_healthy":
                    assert self.has_healthcheck(services[needed])
                else:
                    assert services[needed]["restart"] == "no", "a one-shot must not be restarted"

    @staticmethod
    def has_healthcheck(service: dict[str, Any]) -> bool:
        if "healthcheck" in service:
            return not service["healthcheck"].get("disable")
        final = stages(service["build"]["dockerfile"])[-1]
        return any(word == "HEALTHCHECK" for word, _rest in final)

    def test_what_runs_long_restarts_and_has_a_grace(self) -> None:
        for name, service in compose()["services"].items():
            assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
        services = compose()["services"]
        assert {name for name, service in services.items() if "ports" in service} == {"caddy"}

    def test_every_setting_exists_and_the_product_accepts_them(self) -> None:
        services = compose()["services"]
        for name in ("migrate", "web", "worker"):
            environ = services[name]["environment"]
            assert set(environ) <= SETTINGS
            settings = Settings.from_env(environ)
            assert settings.secure_cookies
            assert settings.database_url
            assert not settings.demo
            assert settings.tsa_roots is None

    def test_what_an_operator_may_add_reaches_the_product(self) -> None:
        services = compose({**SECRETS, **OPTIONS})["services"]
        for name in ("migrate", "web", "worker"):
            settings = Settings.from_env(services[name]["environment"])
            assert (settings.tsa_urls, settings.witnesses) == (OPTIONS["TSA_URLS"], OPTIONS["WITNESSES"])
            assert (settings.log_origin, settings.metrics_token) == (OPTIONS["LOG_ORIGIN"], OPTIONS["METRICS_TOKEN"])
            assert settings.vapid_subject == OPTIONS["PUSH_CONTACT"]
            assert f"./roots.pem:{settings.tsa_roots}:ro" in services[name]["volumes"]

    def test_what_is_demanded_is_demanded(self) -> None:
        for name in SECRETS:
            with pytest.raises(LookupError, match=f"set {name} in .env"):
                compose({**SECRETS, name: ""})

    def test_everybody_speaks_of_the_same_ports(self) -> None:
        port = str(Settings().port)
        assert f"EXPOSE {port}\n" in (ROOT / "deploy/Dockerfile").read_text()
        assert f"http://127.0.0.1:{port}/api/health/ready" in (ROOT / "deploy/Dockerfile").read_text()
        assert f"reverse_proxy web:{port} " in (ROOT / "deploy/Caddyfile").read_text()
        endpoint = compose()["services"]["web"]["environment"]["ZHICHA_S3_ENDPOINT"]
        assert f'"--address", ":{endpoint.partition(":")[2]}"' in (ROOT / "deploy/minio.Dockerfile").read_text()

    def test_the_database_is_ready_only_when_others_can_reach_it(self) -> None:
        """The image first runs a server on the socket alone; who began then would be cut off."""
        assert "--host=127.0.0.1" in compose()["services"]["postgres"]["healthcheck"]["test"]

    def test_secrets_have_no_default(self) -> None:
        text = "\n".join(
            line for line in (ROOT / "docker-compose.yml").read_text().splitlines() if not line.strip().startswith("#")
        )
        used = re.findall(r"\$\{(\w+)([^}]*)\}", text)
        for name, default in used:
            if name in SECRETS:
                assert default.startswith(":?"), f"{name} must be demanded"
        example = re.findall(r"^(\w+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE)
        assert {name for name, _value in example} == {name for name, _default in used} - {"ZHICHA_VERSION"}
        assert {name for name, _value in example} == {*SECRETS, *OPTIONS, "TLS_ISSUER"}
        assert all(not value for name, value in example if name in SECRETS)

    def test_images_and_mounts_are_definite(self) -> None:
        read = compose()
        for service in read["services"].values():
            image = service["image"]
            assert re.search(r":[^:]*\d", image), f"{image} is not pinned"
            for mount in service.get("volumes", []):
                source = mount.split(":")[0]
                named = not source.startswith((".", "/"))
                assert source in read["volumes"] if named else (ROOT / source).exists(), mount
            if "build" in service:
                assert (ROOT / service["build"]["dockerfile"]).is_file()
            assert set(service["networks"]) <= set(read["networks"])

    def test_the_reference_loader_accepts_it(self, tmp_path: Path) -> None:
        loader = _compose_loader()
        options = ["-no-path-resolution", "-format", "json"]
        wrong = tmp_path / "wrong.yml"
        wrong.write_text((ROOT / "docker-compose.yml").read_text().replace("networks:", "netwerks:", 1))

        raw = [loader, "-no-interpolation", *options]
        told = subprocess.run([*raw, str(ROOT / "docker-compose.yml")], capture_output=True, text=True)
        assert told.returncode == 0, told.stderr
        assert set(json.loads(told.stdout)["services"]) == set(compose()["services"])
        assert subprocess.run([*raw, str(wrong)], capture_output=True).returncode != 0
        # Filled in, it is still a project; with nothing filled in it is refused, and says what is missing.
        for number, given in enumerate((SECRETS, {**SECRETS, **OPTIONS})):
            filled = tmp_path / f"filled-{number}.yml"
            filled.write_text(yaml.safe_dump(compose(given)))
            told = subprocess.run([*raw, str(filled)], capture_output=True, text=True)
            assert told.returncode == 0, told.stderr
        told = subprocess.run([loader, *options, str(ROOT / "docker-compose.yml")], capture_output=True, text=True)
        assert told.returncode != 0
        assert all(f"set {name} in .env" in told.stderr for name in SECRETS)


def _compose_loader() -> str:
    """The loader of the Compose Specification, on which docker compose stands; built once where Go is present."""
    built = cache_folder() / f"compose-{COMPOSE_LOADER.rpartition('@')[2]}"
    if not built.is_file():
        go = shutil.which("go")
        if go is None:
            assert not os.environ.get("CI"), "Go is missing, so the compose file cannot be checked"
            pytest.skip("there is no Go to build the loader of the Compose Specification with")
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "GOBIN": folder}
            subprocess.run([go, "install", COMPOSE_LOADER], env=environment, cwd=folder, check=True)
            built.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(Path(folder) / "cmd", built)
    return str(built)


@pytest.mark.parametrize("dockerfile", DOCKERFILES)
class TestDockerfiles:
    def test_is_well_formed_and_pinned(self, dockerfile: str) -> None:
        names: set[str] = set()
        for stage in stages(dockerfile):
            base, *named = stage[0][1].split(" AS ")
            assert base in names or re.search(r":\d", base), f"{base} is not pinned"
            names.update(named)
            for word, rest in stage:
                assert word in INSTRUCTIONS
                if word in {"CMD", "ENTRYPOINT"} or (word == "HEALTHCHECK" and "CMD" in rest):
                    assert all(isinstance(part, str) for part in json.loads(rest[rest.index("[") :]))
                if word == "RUN":
                    assert subprocess.run(["sh", "-n", "-c", rest]).returncode == 0

    def test_copies_only_what_exists(self, dockerfile: str) -> None:
        names: set[str] = set()
        for stage in stages(dockerfile):
            names.update(stage[0][1].split(" AS ")[1:])
            for _word, rest in (each for each in stage if each[0] == "COPY"):
                words = shlex.split(rest)
                if words[0].startswith("--from="):
                    assert words[0].removeprefix("--from=") in names
                    continue
                for source in words[:-1]:
                    assert (ROOT / source).exists(), f"{source} does not exist"

    def test_does_not_run_as_root_and_tells_its_health(self, dockerfile: str) -> None:
        final = stages(dockerfile)[-1]
        users = [rest for word, rest in final if word == "USER"]
        assert users
        assert users[-1] not in {"root", "0"}
        assert any(word == "HEALTHCHECK" for word, _rest in final)


def test_the_image_sets_only_settings_that_exist() -> None:
    for word, rest in instructions("deploy/Dockerfile"):
        if word == "ENV":
            assert set(re.findall(r"\b(ZHICHA_\w+)=", rest)) <= SETTINGS


def test_minio_is_built_from_its_last_security_tag() -> None:
    tag = "RELEASE.2025-10-15T17-29-55Z"
    assert f"github.com/minio/minio@{tag}" in (ROOT / "deploy/minio.Dockerfile").read_text()
    assert compose()["services"]["minio"]["image"].endswith(tag)
