"""Migrates with settings that come on standard input: others could read an environment's."""

import json
import os
import sys

from migrations.runner import main

if __name__ == "__main__":
    os.environ.update(json.load(sys.stdin))
    main()
