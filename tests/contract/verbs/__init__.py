"""What depends on the resource, verb by verb."""
