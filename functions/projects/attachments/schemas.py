"""What bodies and answers about attachments are made of."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from nexus.records.schemas import Body, Key, TenantRead
from nexus.settings import settings
from nexus.text import one_line

# RFC 9110, 8.3: type/subtype, then parameters whose values may be quoted.
WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
MEDIA_TYPE = rf'^{WORD}/{WORD}( ?; ?{WORD}=({WORD}|"[ !#-\[\]-~]*"))*$'


def _within_limit(size: int) -> int:
    limit = settings().attachment_max_bytes
    if size > limit:
        raise ValueError(f"has to be {limit:,} bytes at most")
    return size


Filename = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=255),
    AfterValidator(one_line),
    Field(description="A label, whatever is in it", examples=["projector.jpg"]),
]
ContentType = Annotated[
    str, StringConstraints(max_length=255, pattern=MEDIA_TYPE), Field(examples=["image/jpeg"])
]
Size = Annotated[
    int,
    Field(ge=1),
    AfterValidator(_within_limit),
    Field(description="In bytes; how many there may be is a setting", examples=[482_133]),
]
Sha256 = Annotated[
    str,
    Key(),
    StringConstraints(pattern="^[0-9a-f]{64}$"),
    Field(description="Lower-case hex; the store refuses what has another"),
]


class UploadFormRead(BaseModel):
    """Sent as multipart/form-data to `url`: all `fields`, then the bytes as `file`."""

    url: str
    fields: dict[str, str]
    expires_at: datetime


class AttachmentRead(TenantRead):
    issue_id: str
    filename: str
    content_type: str
    size: int
    sha256: str | None
    uploader_id: str
    uploaded_at: datetime | None = Field(description="Null until the bytes are there")
    upload: UploadFormRead | None = Field(description="In the answer of the creation alone")
    download_url: str | None = Field(description="For five minutes; null until it is uploaded")


class AttachmentCreate(Body):
    """What will be uploaded: the form takes just that."""

    filename: Filename
    content_type: ContentType
    size: Size
    sha256: Sha256 | None = None
