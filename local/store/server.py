"""Answers forms, links and the API's own requests, each caller in a thread."""

import shutil
import socket
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.utils import formatdate
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from urllib.parse import parse_qsl, unquote, urlsplit

from local.store import documents
from local.store.form import Form
from local.store.objects import Objects
from local.store.policy import allowed_sizes
from local.store.refusals import Refusal, denied
from local.store.signatures import Signatures

SILENCE_SECONDS = 30
LINGER_SECONDS = 30  # for who still sends what was refused, and listens afterwards only
LARGEST_BODY = 1024 * 1024  # of the API's own requests
LARGEST_OBJECT = 64 * 1024 * 1024  # that it writes itself
# No cookie and no session is of any use here: what may be done is signed.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Expose-Headers": "Content-Disposition",
    "Access-Control-Max-Age": "600",
}


class Server(ThreadingHTTPServer):
    """Listens on a socket that another process has bound."""

    def __init__(
        self, listener: socket.socket, buckets: Mapping[str, Objects], signatures: Signatures
    ) -> None:
        super().__init__(listener.getsockname(), Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.buckets = buckets
        self.signatures = signatures


class Handler(BaseHTTPRequestHandler):
    """One caller's connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = SILENCE_SECONDS
    disable_nagle_algorithm = True  # or a body would wait 40 ms for the head to be acknowledged

    def do_OPTIONS(self) -> None:
        self._answer(204)

    def do_POST(self) -> None:
        self._serve(self._delete if "delete" in self._query() else self._upload)

    def do_PUT(self) -> None:
        self._serve(self._write)

    def do_GET(self) -> None:
        is_link, is_object = "X-Amz-Signature" in self._query(), "/" in self._path()[1:]
        self._serve(self._download if is_link else self._read if is_object else self._list)

    def log_message(self, *_: object) -> None:
        """Says nothing of what went well."""

    def _serve(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Refusal as refusal:
            self._refuse(refusal)
        except (KeyError, ValueError):
            self._refuse(Refusal(400, "InvalidArgument", "Something is missing or unreadable."))
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def _upload(self) -> None:
        bucket, objects, _ = self._place()
        form = Form(self.headers["content-type"] or "", self._length(), self.rfile)
        fields = form.fields()
        self.server.signatures.check_form(fields)
        least, most = allowed_sizes(fields, bucket)
        size, digest = 0, sha256()
        with objects.new(fields["key"]) as file:
            for some in form.content():
                size += len(some)
                if size > most:
                    raise Refusal(400, "EntityTooLarge", "The upload is larger than allowed.")
                digest.update(some)
                file.write(some)
            if size < least:
                raise Refusal(400, "EntityTooSmall", "The upload is smaller than allowed.")
            stated = fields.get("x-amz-checksum-sha256")
            if stated and stated != b64encode(digest.digest()).decode():
                raise Refusal(400, "BadDigest", "The checksum is not that of the upload.")
        self.close_connection = bool(form.unread)
        self._answer(204)

    def _download(self) -> None:
        query = self._query()
        self.server.signatures.check_link(self.headers["host"], self._path(), query)
        headers = {
            "Content-Type": _one_line(query.get("response-content-type", "binary/octet-stream")),
            "Content-Disposition": _one_line(query["response-content-disposition"]),
        }
        self._answer_object(headers)

    def _write(self) -> None:
        body = self._signed_body(LARGEST_OBJECT)
        _, objects, key = self._place()
        with objects.new(key) as file:
            file.write(body)
        self._answer(200, {"Content-Length": "0"})

    def _read(self) -> None:
        self._check_request(b"")
        self._answer_object({"Content-Type": "binary/octet-stream"})

    def _list(self) -> None:
        self._check_request(b"")
        bucket, objects, _ = self._place()
        query = self._query()
        found = objects.listed(query.get("prefix", ""), query.get("start-after", ""))
        size = int(query["max-keys"]) if "max-keys" in query else len(found)
        is_truncated = len(found) > size
        self._answer_document(documents.listed(bucket, found[:size], is_truncated=is_truncated))

    def _delete(self) -> None:
        body = self._signed_body(LARGEST_BODY)
        _, objects, _ = self._place()
        for key in documents.keys(body):
            objects.remove(key)
        self._answer_document(documents.deleted())

    def _signed_body(self, most: int) -> bytes:
        length = self._length()
        if length > most:
            raise Refusal(400, "EntityTooLarge", "The body is too large.")
        body = self.rfile.read(length)
        self._check_request(body)
        return body

    def _check_request(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if "authorization" not in headers:
            raise denied("Access Denied")
        self.server.signatures.check_request(self.command, self.path, headers, body)

    def _place(self) -> tuple[str, Objects, str]:
        """The bucket, what is in it, and which of it is meant. Raises Refusal."""
        _, bucket, *key = self._path().split("/", 2)
        if bucket not in self.server.buckets:
            raise Refusal(404, "NoSuchBucket", "There is no such bucket.")
        return bucket, self.server.buckets[bucket], unquote("".join(key))

    def _path(self) -> str:
        return urlsplit(self.path).path

    def _query(self) -> Mapping[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))

    def _length(self) -> int:
        if "content-length" not in self.headers or "transfer-encoding" in self.headers:
            raise Refusal(411, "MissingContentLength", "Say how long the body is.")
        return int(self.headers["content-length"])

    def _refuse(self, refusal: Refusal) -> None:
        """A body may still be on its way: who sends it hears nothing from a closed connection."""
        self.close_connection = True
        self._answer_document(documents.refused(refusal.code, str(refusal)), refusal.status)
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            until = time.monotonic() + LINGER_SECONDS
            while self.connection.recv(64 * 1024) and time.monotonic() < until:
                pass

    def _answer_object(self, headers: Mapping[str, str]) -> None:
        _, objects, key = self._place()
        with objects.opened(key) as (file, size, stored_at):
            modified = formatdate(stored_at, usegmt=True)
            told = {"Content-Length": str(size), "Last-Modified": modified}
            self._answer(200, {**headers, **told})
            shutil.copyfileobj(file, self.wfile)

    def _answer_document(self, document: bytes, status: int = 200) -> None:
        length = str(len(document))
        self._answer(status, {"Content-Type": "application/xml", "Content-Length": length})
        self.wfile.write(document)

    def _answer(self, status: int, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        self.send_response(status)
        for name, value in (CORS | dict(headers)).items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()


def _one_line(value: str) -> str:
    if not (value.isascii() and value.isprintable()):
        raise Refusal(400, "InvalidArgument", "No header can say that.")
    return value
