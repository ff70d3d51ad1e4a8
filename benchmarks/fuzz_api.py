"""Whatever the API's description allows, and what it does not, is sent to a server of our own: nothing may break it.

    python benchmarks/fuzz_api.py --index INDEX [--examples 60] [--keyed]

With `--keyed` the server lets in only who sends its API key, as schemathesis then does.

Needs schemathesis (`pip install -e '.[bench]'`). The index is copied: the server under test takes uploads and deletes.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from load import server

from qa.server.access import Access

SEED = "1"


def main() -> None:
    """Run schemathesis and end as it ends."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--examples", type=int, default=60)
    parser.add_argument("--keyed", action="store_true")
    told = parser.parse_args()
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent)) or shutil.which("schemathesis")
    if program is None:
        sys.exit("schemathesis is not installed: pip install -e '.[bench]'")
    with tempfile.TemporaryDirectory() as folder:
        index, access = shutil.copytree(told.index, Path(folder) / "index"), Path(folder) / "access.json"
        sent = ["--header", f"Authorization: Bearer {Access(access).add_key('fuzz')}"] if told.keyed else []
        with server(index, access) as address:
            command = [program, "run", f"{address}/api/v1/openapi.json", "--checks", "not_a_server_error"]
            command += ["--max-examples", str(told.examples), "--seed", SEED, *sent]
            sys.exit(subprocess.run(command, check=False, cwd=folder).returncode)  # where it may leave its notes


if __name__ == "__main__":
    main()
