"""Email addresses: checked by email-validator, in one normal form wherever they are compared."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from nexus.text import nfc

LOCAL_PART_OCTETS = 64  # RFC 5321, 4.5.3.1.1


def normal_email(value: str) -> str:
    """In lower case and NFC, the domain as Unicode (no xn--). Domains that only an organisation's
    own network knows are fine. Raises ValueError."""
    import email_validator

    email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()
    checked = email_validator.validate_email(value.strip(), check_deliverability=False)
    normal = nfc(checked.normalized.lower())
    if len(normal.rpartition("@")[0].encode()) > LOCAL_PART_OCTETS:
        raise ValueError(f"has more than {LOCAL_PART_OCTETS} bytes before the @")
    return normal


def normal_name(value: str) -> str:
    """What a user is known by, a username or an email address, as it is stored."""
    try:
        return normal_email(value) if "@" in value else nfc(value.strip().lower())
    except ValueError:
        return nfc(value.strip().lower())  # nobody has it


Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254),
    AfterValidator(normal_email),
    Field(examples=["zoe.ito@lakeside.example"]),
]
