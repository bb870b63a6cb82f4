"""The rules of the Locations module, over HTTP."""
