"""What a contact's value has to be, by its type, and the one form that it is stored in."""

from contextlib import suppress
from functools import partial

from nexus.emails import normal_email
from nexus.phones import normal_phone
from nexus.problems import ValidationFailed, error
from nexus.text import one_line


def stored_value(type_: str, value: str, region: str | None = None) -> str:
    """An address may have several lines. `region` (ISO 3166) is where a phone number without a
    country code is read. Raises ValidationFailed."""
    try:
        if type_ == "phone":
            return normal_phone(value, region)
        checks = {"email": normal_email, "other": one_line}
        return checks[type_](value) if type_ in checks else value
    except ValueError as failure:
        raise ValidationFailed(error("value", str(failure))) from None


def possible_values(text: str, region: str | None = None) -> list[str]:
    """The forms that a text to look for may be stored in: as it is, or that of its kind."""
    forms = [text.strip()]
    for normal in (normal_email, partial(normal_phone, region=region)):
        with suppress(ValueError):
            forms.append(normal(text))
    return list(dict.fromkeys(forms))
