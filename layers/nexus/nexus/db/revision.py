"""The database revision that this code was written for: `make generate` writes it."""

HEAD = "6_issues_of_no_project"
