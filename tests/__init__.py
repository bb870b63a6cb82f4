"""All tests; a package, so that tests.local and local, tests.system and system stay apart."""
