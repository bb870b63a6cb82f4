"""Email addresses in bodies: checked by email-validator, stored in lower case."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints


def check_email(value: str) -> str:
    """Lower case. Domains that only an organisation's own network knows are fine."""
    import email_validator

    email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()
    return email_validator.validate_email(value, check_deliverability=False).normalized.lower()


Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254),
    AfterValidator(check_email),
    Field(examples=["zoe.ito@lakeside.example"]),
]
