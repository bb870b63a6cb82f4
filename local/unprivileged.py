"""Starts the programs that refuse to run as root, and ties their lives to ours."""

import os
import pwd
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

USER = "nobody"  # exists everywhere; a dedicated user would be left behind on the machine


def command(program: list[str], reads: Iterable[Path]) -> list[str]:
    """The command line that runs `program` as an ordinary user who may read the paths."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return program
    options = ["--pdeathsig", "INT"]  # a killed parent leaves no server behind
    if os.geteuid() == 0:
        account = pwd.getpwnam(USER)
        options += ["--reuid", str(account.pw_uid), "--regid", str(account.pw_gid)]
        options += ["--clear-groups"]
        if not all(_is_reachable(path) for path in reads):
            # Below a private folder such as /root. Opening that folder to everybody, as a
            # chmod would, is worse than letting this one process pass.
            options += ["--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"]
            # Else access(2), by which initdb looks for postgres, would not count the right.
            options += ["--securebits", "+no_setuid_fixup"]
    return [setpriv, *options, "--", *program]


def hand_over(path: Path) -> None:
    """Makes the unprivileged user the owner of a file or folder, with all that is in it."""
    if os.geteuid() != 0:
        return
    account = pwd.getpwnam(USER)
    for entry in (path, *path.rglob("*")):
        if entry.lstat().st_uid != account.pw_uid:
            os.chown(entry, account.pw_uid, account.pw_gid, follow_symlinks=False)


def _is_reachable(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents)
