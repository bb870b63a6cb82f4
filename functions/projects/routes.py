"""The projects API's table of contents."""

from nexus.http.dispatch import Contents

router = Contents(tags=["projects"])
