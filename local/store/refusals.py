"""What is refused, in S3's own words (docs.aws.amazon.com/AmazonS3, "Error responses")."""


class Refusal(Exception):
    """Answered as S3 answers it."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def denied(message: str) -> Refusal:
    """Nobody who may has asked for this."""
    return Refusal(403, "AccessDenied", message)


def malformed(message: str) -> Refusal:
    """The upload is no form."""
    return Refusal(400, "MalformedPOSTRequest", message)
