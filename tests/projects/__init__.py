"""Rules of projects and issues."""
