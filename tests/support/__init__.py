"""What the tests stand on: a running stack, callers of the API, and made-up people."""
