"""The edge to AWS: events, sizes, snapshots, the store of attachments."""
