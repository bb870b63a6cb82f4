"""The rules of the System module, over HTTP."""
