"""What a contact's value has to be, by its type, and the one form that it is stored in."""

import unicodedata
from contextlib import suppress
from functools import partial

from nexus.emails import normal_email
from nexus.problems import ValidationFailed, error
from nexus.text import one_line

BETWEEN_DIGITS = str.maketrans("", "", " ()-./\u00a0\u202f\u2011")
FEWEST_DIGITS = 5  # of what is taken for a part of a phone number
PLAIN = {"Zs": " ", "Pd": "-", "Cf": ""}  # any space, any dash, marks of direction


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


def normal_phone(value: str, region: str | None = None) -> str:
    """E.164, from any form that has a country code or is one of the region's. Raises ValueError."""
    import phonenumbers

    plain = "".join(PLAIN.get(unicodedata.category(sign), sign) for sign in value)
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        where = "" if region else " with its country code (or set the tenant's region)"
        raise ValueError(f"has to be a phone number{where}, such as +49 30 123456") from None
    # is_possible_number() takes local numbers too, which nobody can call from elsewhere.
    length = phonenumbers.is_possible_number_with_reason(number)
    if length != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValueError("no country has phone numbers of this length there")
    if number.extension:  # E.164 has none: it would be lost
        raise ValueError("leave the extension out, or put it into the label")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_local_number(text: str) -> bool:
    """Whether it looks like a phone number that does not say its country, or like a part of one."""
    digits = text.translate(BETWEEN_DIGITS)
    return digits.isdecimal() and len(digits) >= FEWEST_DIGITS


def possible_values(text: str, region: str | None = None) -> list[str]:
    """The forms that a text to look for may be stored in: as it is, or that of its kind."""
    forms = [text.strip()]
    for normal in (normal_email, partial(normal_phone, region=region)):
        with suppress(ValueError):
            forms.append(normal(text))
    return list(dict.fromkeys(forms))
