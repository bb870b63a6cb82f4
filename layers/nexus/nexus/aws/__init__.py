"""The edge to Lambda: events, sizes, snapshots."""
