"""From a request to a service and back: bodies, transactions, answers, documents."""
