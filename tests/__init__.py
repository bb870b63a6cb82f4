"""All tests; a package, so that tests.local and local, tests.system and system stay apart."""

import pytest

pytest.register_assert_rewrite("tests.contract", "tests.support")
