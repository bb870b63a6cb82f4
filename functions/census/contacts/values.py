"""What a contact's value has to be, by its type, and the one form that it is stored in."""

from nexus.emails import check_email
from nexus.problems import ValidationFailed, error
from nexus.text import one_line


def stored_value(type_: str, value: str) -> str:
    """An address may have several lines. Raises ValidationFailed."""
    checks = {"email": check_email, "phone": check_phone, "other": one_line}
    try:
        return checks[type_](value) if type_ in checks else value
    except ValueError as failure:
        raise ValidationFailed(error("value", str(failure))) from None


def check_phone(value: str) -> str:
    """E.164, from any form that has a country code."""
    import phonenumbers

    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        raise ValueError(
            "has to be a phone number with its country code, such as +49 30 123456"
        ) from None
    # is_possible_number() takes local numbers too, which nobody can call from elsewhere.
    length = phonenumbers.is_possible_number_with_reason(number)
    if length != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValueError("no country has phone numbers of this length there")
    if number.extension:  # E.164 has none: it would be lost
        raise ValueError("leave the extension out, or put it into the label")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
