#!/usr/bin/env python3
"""Tests the server with other people's programs: GDAL, OWSLib, schemathesis, a decoder of vector tiles.

    tests/clients/run.py PATH_OF_JIKU [TARGET_FOLDER]

Makes a Python environment under the target folder with the versions of requirements.txt, once; makes and
serves a small synthetic city on this machine; runs checks.py and schemathesis against it; stops it. Where
the programs cannot be installed it says so, and fails only where the variable CI is set.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
# More than a tile shows one by one.
PERSONS = 5000
# What schemathesis may not call: loads need files and time, events never end by themselves, and a replay has
# whatever form the answer had.
LEFT_OUT = r"^/loads|/events$|/replay$"
EXAMPLES = 8


def environment(target: Path) -> Path | None:
    """The Python of an environment with all requirements; nothing where they cannot be installed."""
    requirements = HERE / "requirements.txt"
    version = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = target / f"clients-{version}"
    python = folder / "bin" / "python"
    if (folder / "complete").exists():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    try:
        venv.create(folder, with_pip=True)
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*command, "--requirement", requirements], check=True, timeout=900)
    except (subprocess.SubprocessError, OSError) as error:
        print(f"clients: the programs of {requirements.name} cannot be installed: {error}", file=sys.stderr)
        return None
    (folder / "complete").touch()
    return python


def serve(jiku: Path, data: Path) -> tuple[subprocess.Popen, str, str]:
    """A served city, where it listens, and its administrator's key."""
    command = [jiku, "demo", "--json", "--data", data, "--persons", str(PERSONS), "--listen", "127.0.0.1:0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        try:
            told = json.loads(line)
            address = told.get("address")
        except (ValueError, AttributeError):
            continue
        if address:
            return process, f"http://{address}", told["keys"]["administrator"]
    process.wait()
    raise SystemExit(f"clients: jiku demo ended with {process.returncode} before it served anything")


def schemathesis(python: Path, address: str, key: str | None) -> int:
    """Requests made from the description, good ones and bad ones; a fixed number of them. Without a key,
    what is not open must answer as it is described, and nothing else."""
    command = [
        python.parent / "schemathesis", "run", f"{address}/api?f=openapi31", "--url", address,
        "--exclude-path-regex", LEFT_OUT, "--phases", "examples,coverage,fuzzing",
        "--max-examples", str(EXAMPLES), "--seed", "1", "--workers", "2", "--no-color",
        "--suppress-health-check", "all", "--generation-database", "none", "--warnings", "off",
        # A text can be no filter, cursor or identity and still be a text.
        "--exclude-checks", "positive_data_acceptance,ignored_auth,missing_required_header",
        "--continue-on-failure", "--request-timeout", "15",
    ]
    if key:
        command += ["--header", f"Authorization: Bearer {key}"]
    else:
        # What is refused is refused before it is read.
        command += ["--exclude-checks", "positive_data_acceptance,ignored_auth,missing_required_header,unsupported_method,negative_data_rejection"]
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(command, cwd=folder, timeout=600).returncode


def main() -> int:
    jiku = Path(sys.argv[1]).resolve()
    target = Path(sys.argv[2] if len(sys.argv) > 2 else "target").resolve()
    target.mkdir(parents=True, exist_ok=True)
    python = environment(target)
    if python is None:
        if os.environ.get("CI"):
            print("clients: failed, for this is CI", file=sys.stderr)
            return 1
        print("clients: left out")
        return 0
    with tempfile.TemporaryDirectory(prefix="jiku-clients-") as folder:
        process, address, key = serve(jiku, Path(folder) / "city")
        try:
            known = {**os.environ, "JIKU_KEY": key}
            checks = subprocess.run([python, HERE / "checks.py", address], timeout=600, env=known).returncode
            described = schemathesis(python, address, key)
            shut = schemathesis(python, address, None)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
    failed = [name for name, code in (("checks", checks), ("schemathesis", described), ("schemathesis without a key", shut)) if code]
    print(f"clients: {', '.join(failed)} failed" if failed else "clients: all is well")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
