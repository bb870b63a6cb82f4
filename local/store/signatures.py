"""Whether a form, a link or a request was signed with this secret, by botocore's own signers."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import quote, urlencode

from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local.store import KEY_ID, REGION
from local.store.refusals import Refusal, denied

MOST_APART = timedelta(minutes=15)  # a request's clock and this one
LONGEST_LINK = timedelta(days=7)


class Signatures:
    """One secret's. Whose it is said to be is a part of what is signed."""

    def __init__(self, secret: str) -> None:
        credentials = Credentials(KEY_ID, secret)
        self._of_requests = S3SigV4Auth(credentials, "s3", REGION)
        self._of_links = S3SigV4QueryAuth(credentials, "s3", REGION)

    def check_form(self, fields: Mapping[str, str]) -> None:
        """The policy, which says until when. Raises Refusal."""
        unsigned = AWSRequest()
        _dated(unsigned, fields["x-amz-date"])
        expected = self._of_requests.signature(fields["policy"], unsigned)
        _compare(expected, fields["x-amz-signature"])

    def check_link(self, host: str, path: str, query: Mapping[str, str]) -> None:
        """Raises Refusal."""
        unsigned = {name: value for name, value in query.items() if name != "X-Amz-Signature"}
        url = f"http://{host}{path}?{urlencode(unsigned, quote_via=quote, safe='-_.~')}"
        request = AWSRequest("GET", url)
        signed_at = _dated(request, query["X-Amz-Date"])
        self._check(self._of_links, request, query["X-Amz-SignedHeaders"], query["X-Amz-Signature"])
        lifetime = min(timedelta(seconds=int(query["X-Amz-Expires"])), LONGEST_LINK)
        if not -MOST_APART <= now() - signed_at < lifetime:
            raise denied("Request has expired")

    def check_request(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> None:
        """The API's own. Raises Refusal."""
        _, _, rest = headers["authorization"].partition(" ")
        given = dict(part.strip().split("=", 1) for part in rest.split(","))
        signed = {name: headers[name] for name in given["SignedHeaders"].split(";")}
        request = AWSRequest(method, f"http://{headers['host']}{target}", signed)
        signed_at = _dated(request, headers["x-amz-date"])
        self._check(self._of_requests, request, given["SignedHeaders"], given["Signature"])
        if abs(now() - signed_at) > MOST_APART:
            raise Refusal(403, "RequestTimeTooSkewed", "The request's time is too far from this.")
        if headers["x-amz-content-sha256"] != sha256(body).hexdigest():
            raise Refusal(400, "XAmzContentSHA256Mismatch", "The body is not what was signed.")

    def _check(self, signer: SigV4Auth, request: AWSRequest, names: str, given: str) -> None:
        if "host" not in names.split(";"):
            raise denied("The host has to be signed.")
        canonical = signer.canonical_request(request)
        _compare(signer.signature(signer.string_to_sign(request, canonical), request), given)


def now() -> datetime:
    """By which links end."""
    return datetime.now(UTC)


def _dated(request: AWSRequest, date: str) -> datetime:
    request.context["timestamp"] = date
    return datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _compare(expected: str, given: str) -> None:
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise Refusal(403, "SignatureDoesNotMatch", "The signature is another than calculated.")
