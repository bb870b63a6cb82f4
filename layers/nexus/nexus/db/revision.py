"""The database revision that this code was written for."""

HEAD = "0007"
