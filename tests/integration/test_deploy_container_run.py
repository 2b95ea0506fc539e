"""The image, built offline and run for real: non-root, read-only, no capabilities, no network.

Needs buildah, podman, runc and mmdebstrap (`make system-deps`). The base is a minimal Debian
made here, since no registry can be counted on; the Dockerfile is the one that ships.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from syncd.sandbox.hubspot.apps import DEFAULT_TOKEN as HUBSPOT_TOKEN
from syncd.sandbox.slack.workspace import DEFAULT_TOKEN as SLACK_TOKEN

ROOT = Path(__file__).parents[2]
TOOLS = ("buildah", "podman", "runc", "mmdebstrap")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
SECRETS = {
    "salesforce_client_id": "any",
    "salesforce_client_secret": "any",
    "hubspot_token": HUBSPOT_TOKEN,
    "slack_token": SLACK_TOKEN,
}
HARDENED = (
    *("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"),
    *("--read-only", "--cap-drop", "all", "--security-opt", "no-new-privileges"),
    *("--memory", "256m", "--tmpfs", "/tmp"),
)

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
    pytest.mark.skipif(
        sys.version_info[:2] != (3, 11), reason="fetches wheels for Debian 12, by Python 3.11"
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """buildah and podman with their storage in a directory of the test's own."""

    home: Path

    def build(self, *args: str) -> str:
        return _run("buildah", "--storage-driver", "vfs", *self._storage(), *args)

    def podman(self, *args: str) -> str:
        manner = ("--cgroup-manager", "cgroupfs", "--runtime", "runc", "--storage-driver", "vfs")
        return _run("podman", *manner, *self._storage(), *args)

    def _storage(self) -> tuple[str, ...]:
        return ("--root", str(self.home / "store"), "--runroot", str(self.home / "run"))


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout.strip()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """With the image `localhost/syncd` built from the checkout."""
    home = tmp_path_factory.mktemp("engine")
    engine = Engine(home=home)
    _import_base(engine)
    _build_image(engine, _wheelhouse(home))
    yield engine
    for container in ("daemon", "world"):  # the one that uses the other's network first
        engine.podman("rm", "--force", "--ignore", "--volumes", container)
    engine.build("rmi", "--all", "--force")


def _import_base(engine: Engine) -> None:
    tar = engine.home / "base.tar"
    packages = "--include=python3,python3-venv,ca-certificates"
    _run("mmdebstrap", "--variant=minbase", packages, "bookworm", str(tar))
    container = engine.build("from", "scratch")
    engine.build("add", "--quiet", container, str(tar), "/")
    engine.build("commit", "--quiet", container, "localhost/base")
    tar.unlink()


def _wheelhouse(home: Path) -> Path:
    """Everything pinned, fetched here: the build itself has nothing to fetch from."""
    wheels = home / "wheelhouse"
    pinned = ROOT / "deploy/container"
    build, run = (str(pinned / name) for name in ("build-requirements.txt", "requirements.txt"))
    _run(sys.executable, "-m", "venv", str(home / "tools"))
    pip = (str(home / "tools/bin/pip"), "--quiet")
    _run(*pip, "install", "--require-hashes", "-r", build)
    for needed in (build, run):
        fetch = ("download", "--no-deps", "--no-build-isolation", "--require-hashes")
        _run(*pip, *fetch, "-r", needed, "-d", str(wheels))
    return wheels


def _build_image(engine: Engine, wheels: Path) -> None:
    offline = engine.home / "pip.conf"
    offline.write_text("[global]\nno-index = true\nfind-links = /wheelhouse\n")
    engine.build(
        *("bud", "--quiet", "--format", "docker", "--isolation", "chroot"),
        *("--build-arg", "PYTHON_IMAGE=localhost/base"),
        *("-v", f"{wheels}:/wheelhouse:ro", "-v", f"{offline}:/etc/pip.conf:ro"),
        *("-f", str(ROOT / "deploy/container/Dockerfile"), "-t", "localhost/syncd", str(ROOT)),
    )


@pytest.fixture
def mounts(tmp_path: Path) -> tuple[str, ...]:
    """The example configuration pointed at the sandbox, and the secrets as files."""
    config, secrets = tmp_path / "config", tmp_path / "secrets"
    shutil.copytree(ROOT / "config", config)
    crm = (config / "crm.yaml").read_text()
    crm = crm.replace("# base_url: http://127.0.0.1:8101", "base_url: http://127.0.0.1:8101")
    crm = crm.replace("https://api.hubapi.com", "http://127.0.0.1:8102")
    crm = crm.replace("https://slack.com/api", "http://127.0.0.1:8103/api")
    (config / "crm.yaml").write_text(crm)
    secrets.mkdir()
    for name, value in SECRETS.items():
        (secrets / name).write_text(value)
        (secrets / name).chmod(0o444)
    for folder in (tmp_path, config, secrets):
        folder.chmod(0o755)
    return ("-v", f"{config}:/etc/syncd:ro", "-v", f"{secrets}:/run/secrets:ro")


def test_the_image_runs_as_nobody_in_particular_and_contains_no_installer(engine: Engine) -> None:
    image = json.loads(engine.podman("image", "inspect", "localhost/syncd"))[0]

    tools = engine.podman(
        *("run", "--rm", *HARDENED, "--network", "none", "--entrypoint", "/opt/syncd/bin/python"),
        *("localhost/syncd", "-c", "import os; print(os.getuid(), *os.listdir('/opt/syncd/bin'))"),
    ).split()

    assert image["Config"]["User"] == "10001:10001"
    assert image["Healthcheck"]["Test"][0] == "CMD"
    assert tools[0] == "10001"
    assert "syncd" in tools
    assert "pip" not in tools


def test_a_daemon_in_the_image_gets_healthy_and_stops_cleanly(
    engine: Engine, mounts: tuple[str, ...]
) -> None:
    engine.podman(
        *("run", "--detach", "--name", "world", *HARDENED, "--network", "none"),
        *("localhost/syncd", "sandbox"),
    )
    engine.podman(
        *("run", "--detach", "--name", "daemon", *HARDENED, *mounts, "-v", "state:/var/lib/syncd"),
        *("--network", "container:world", "localhost/syncd"),
    )

    _until_ready(engine)
    engine.podman("healthcheck", "run", "daemon")
    mode = engine.podman("exec", "daemon", "stat", "-c", "%a", "/var/lib/syncd/syncd.db")
    engine.podman("stop", "--time", "30", "daemon")

    ended = json.loads(engine.podman("inspect", "daemon"))[0]["State"]
    assert mode == "600"
    assert ended["ExitCode"] == 0, engine.podman("logs", "daemon")


def _until_ready(engine: Engine) -> None:
    """Another process in another container: all there is to do is look again."""
    ask = (
        "from urllib.request import urlopen; print(urlopen('http://127.0.0.1:8321/readyz').status)"
    )
    for _ in range(40):
        try:
            engine.podman("exec", "daemon", "python", "-c", ask)
        except AssertionError:
            time.sleep(0.5)
        else:
            return
    pytest.fail(f"never ready:\n{engine.podman('logs', 'daemon')}")
