"""Phone numbers: read by phonenumbers, in one normal form wherever they are stored."""

import unicodedata

BETWEEN_DIGITS = str.maketrans("", "", " ()-./\u00a0\u202f\u2011")
FEWEST_DIGITS = 5  # of what is taken for a part of a phone number
PLAIN = {"Zs": " ", "Pd": "-", "Cf": ""}  # any space, any dash, marks of direction


def normal_phone(value: str, region: str | None = None) -> str:
    """E.164, from any form that has a country code or is one of the region's (ISO 3166). Raises
    ValueError."""
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
        raise ValueError("leave the extension out, or put it where there is room for words")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def sought_phone(text: str) -> str:
    """The form in which a number that says its country is stored; nobody has any other text."""
    try:
        return normal_phone(text)
    except ValueError:
        return text.strip()


def is_local_number(text: str) -> bool:
    """Whether it looks like a phone number that does not say its country, or like a part of one."""
    digits = text.translate(BETWEEN_DIGITS)
    return digits.isdecimal() and len(digits) >= FEWEST_DIGITS
