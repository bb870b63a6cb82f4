"""Configuration items: servers, services, switches … with attributes of their own."""
