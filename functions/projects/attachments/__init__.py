"""Attachments: files of an issue, whose bytes go past the API."""
