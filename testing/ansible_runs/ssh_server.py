# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An SSH server on loopback that needs no root, so that Ansible reaches a host as it reaches any other.

As a program (``python -m testing.ansible_runs.ssh_server FOLDER``) it prints its port and serves until it is ended.
"""

from __future__ import annotations

import asyncio
import getpass
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncssh

CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True)
class SshHost:
    """A running server: its process, and the variables by which Ansible reaches it."""

    process_id: int
    variables: dict[str, object]


@contextmanager
def ssh_host(folder: Path) -> Iterator[SshHost]:
    """A host whose commands run as the user of the test; keys are created in `folder`."""
    folder.mkdir(parents=True)
    host_key, user_key = (asyncssh.generate_private_key("ssh-ed25519") for _number in range(2))
    for name, key in (("host", host_key), ("user", user_key)):
        file = folder / name
        file.touch(mode=0o600)
        key.write_private_key(file)
        key.write_public_key(f"{file}.pub")
    command = [sys.executable, "-m", "testing.ansible_runs.ssh_server", str(folder)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            known = folder / "known_hosts"
            known.write_text(f"[127.0.0.1]:{port} {(folder / 'host.pub').read_text('utf-8')}", encoding="utf-8")
            yield SshHost(process.pid, _variables(folder, port))
        finally:
            process.terminate()


def _variables(folder: Path, port: int) -> dict[str, object]:
    return {
        "ansible_connection": "ssh",
        "ansible_host": "127.0.0.1",
        "ansible_port": port,
        "ansible_user": getpass.getuser(),
        "ansible_ssh_private_key_file": str(folder / "user"),
        # Without the user's configuration, and without a master process that outlives the run.
        "ansible_ssh_args": (
            f"-F none -o IdentitiesOnly=yes -o UserKnownHostsFile={folder / 'known_hosts'} -o ControlMaster=no"
        ),
    }


async def _serve(folder: Path) -> None:
    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_host_keys=[str(folder / "host")],
        authorized_client_keys=str(folder / "user.pub"),
        process_factory=_run,
        sftp_factory=True,
        allow_scp=True,
        encoding=None,
    )
    print(server.get_port(), flush=True)
    await server.wait_closed()


async def _run(process: asyncssh.SSHServerProcess[bytes]) -> None:
    """Run a command with the shell, in the environment of a login, without variables of the test."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "USER", "LOGNAME", "LANG") if name in os.environ}
    child = await asyncio.create_subprocess_shell(
        process.command or "exec sh",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=kept,
    )
    await process.redirect(stdin=child.stdin, stdout=child.stdout, stderr=child.stderr)
    process.exit(await child.wait())


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
