"""The rules of the Configurations module, over HTTP."""
