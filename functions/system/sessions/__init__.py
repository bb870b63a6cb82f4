"""Signing up, in and out; the sessions that tokens are."""
