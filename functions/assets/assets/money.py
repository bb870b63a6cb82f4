"""Money: a decimal text and a currency, stored in the currency's minor unit."""

import re
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from nexus.problems import ValidationFailed, error
from nexus.records.schemas import Body, Key, unset

# ISO 4217, list one, as of 2026, and what was withdrawn from it since 2020: what was bought before
# was paid for in those. Most have two digits behind the point; the others are named below.
CURRENCIES = frozenset([
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT",
    "BGN", "BHD", "BIF", "BMD", "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD",
    "CAD", "CDF", "CHE", "CHF", "CHW", "CLF", "CLP", "CNY", "COP", "COU", "CRC", "CUC", "CUP",
    "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP",
    "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HRK", "HTG", "HUF", "IDR",
    "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW",
    "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA",
    "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MXV", "MYR", "MZN", "NAD",
    "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG",
    "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE",
    "SLL", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP",
    "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "USN", "UYI", "UYU", "UYW", "UZS", "VED",
    "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
    "ZWL",
])  # fmt: skip
DIGITS = {
    0: [
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND",
        "VUV", "XAF", "XOF", "XPF",
    ],
    3: ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"],
    4: ["CLF", "UYW"],
}  # fmt: skip
USUAL_DIGITS = 2
AMOUNT = re.compile(r"(\d{1,15})(?:\.(\d+))?", re.ASCII)


def digits_of(currency: str) -> int:
    """How many digits a currency has behind the point."""
    return next((count for count, of in DIGITS.items() if currency in of), USUAL_DIGITS)


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("is no currency of ISO 4217, such as EUR")
    return code


Currency = Annotated[str, Key(), AfterValidator(_currency), Field(examples=["EUR"])]
Amount = Annotated[
    str,
    Key(),
    Field(examples=["1299.00"], description="Decimal, with as many digits as the currency has"),
]


class MoneyRead(BaseModel):
    amount: Amount
    currency: Currency


class Money(Body):
    """An amount in a currency: "0.1" and "0.10" are one."""

    currency: Currency
    amount: Amount  # behind the currency, for it is looked at with it

    @field_validator("amount")
    @classmethod
    def fits(cls, text: str, known: ValidationInfo) -> str:
        """With all of the currency's digits."""
        found = AMOUNT.fullmatch(text)
        if found is None:
            raise ValueError('has to be a decimal such as "1299.00", of up to 15 digits')
        if "currency" not in known.data:
            return text
        whole, fraction = found[1].lstrip("0") or "0", found[2] or ""
        digits = digits_of(known.data["currency"])
        if len(fraction) > digits:
            raise ValueError(f"has more digits than the currency, which has {digits}")
        return f"{whole}.{fraction:0<{digits}}" if digits else whole


class MoneyPatch(Body):
    """What changes of it (RFC 7396)."""

    currency: Currency = unset()
    amount: Amount = unset()


def patched(money: dict[str, str]) -> dict[str, str]:
    """What a merge patch has made, as it is answered. Raises ValidationFailed."""
    try:
        return Money.model_validate(money).model_dump()
    except ValidationError as failure:
        wrong = [(str(one["loc"][0]), one["msg"], one["type"]) for one in failure.errors()]
        raise ValidationFailed(
            *(
                error(
                    f"purchase_cost/{name}",
                    "is missing" if kind == "missing" else told.removeprefix("Value error, "),
                )
                for name, told, kind in wrong
            )
        ) from None


def stored(money: dict[str, str]) -> dict[str, Any]:
    """As it is stored: the amount in minor units, and how many of its digits are behind the point,
    which stays what it was if a currency changes its own."""
    currency = money["currency"]
    amount = int(money["amount"].replace(".", ""))
    return {"amount": amount, "scale": digits_of(currency), "currency": currency}
