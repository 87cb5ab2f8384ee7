"""An agency's site on 127.0.0.1 whose pages a test writes, faults included."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from zwgk_analytics.collect.fetch import Limits

QUICK = Limits(bytes=100_000, attempts=3, seconds=1.0, pause=0.0, back_off=0.01, longest_pause=0.2)


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    write: Callable[[BaseHTTPRequestHandler], None] | None = None  # writes everything itself


class _Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass  # a client that hangs up is what some tests are about


class Site:
    """Pages by path; a list of replies is used up from the front, the last one stays."""

    def __init__(self):
        self.pages: dict[str, Reply | list[Reply]] = {}
        self.asked: list[tuple[str, dict[str, str], float]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                site.answer(self)

            def log_message(self, *args):
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def url(self, path, host="www.example.gov.cn"):
        return f"http://{host}:{self.port}{path}"

    def paths(self):
        return [path for path, *_ in self.asked if path != "/robots.txt"]

    def answer(self, handler):
        given = {k.lower(): v for k, v in handler.headers.items()}
        self.asked.append((handler.path, given, time.monotonic()))
        reply = self.pages.get(handler.path, Reply(status=404))
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        if reply.write is not None:
            reply.write(handler)
            handler.close_connection = True
            return
        etag = reply.headers.get("ETag")
        if etag is not None and given.get("if-none-match") == etag:
            reply = Reply(status=304, headers=reply.headers)
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        if reply.status != 304:
            handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        handler.wfile.write(reply.body)


async def local(host, port):
    """Every name leads to this machine, but for the one that is not public."""
    return ["10.0.0.7"] if host.startswith("intranet") else ["127.0.0.1"]
