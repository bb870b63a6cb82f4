"""Programs that refuse to run as root do run, wherever their files lie."""

import os
import subprocess
from pathlib import Path

from local.unprivileged import command, hand_over


def test_a_program_below_a_private_folder_is_found_and_run(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    program = private / "program"
    program.write_text('#!/bin/sh\ntest -x "$0" && id -u\n')
    program.chmod(0o755)
    said = subprocess.check_output(command([str(program)], [program]), text=True)
    assert int(said) == (os.geteuid() or 65534)


def test_what_is_handed_over_is_the_users_with_all_that_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").touch()
    hand_over(tmp_path / "folder")
    owners = {path.stat().st_uid for path in (tmp_path / "folder", tmp_path / "folder" / "file")}
    assert owners == {os.geteuid() or 65534}
