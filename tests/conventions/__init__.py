"""Conventions as tests: routes, imports, roles, policies, drift, fuzzing."""
