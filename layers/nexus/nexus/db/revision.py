"""The database revision that this code was written for: `make generate` writes it."""

HEAD = "13_assets_in_sets"
