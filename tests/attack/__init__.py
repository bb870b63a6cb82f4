"""The attack: faults under load, walls between tenants, who may call what."""
