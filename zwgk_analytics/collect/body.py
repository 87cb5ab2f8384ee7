"""The body of an answer → a file: unpacked, counted and hashed on the way."""

import hashlib
import zlib
from collections.abc import AsyncIterator
from typing import BinaryIO, Final

import httpx

from zwgk_analytics.collect.failures import FetchError, PassingError

_CHUNK: Final = 64 * 1024


async def save(response: httpx.Response, sink: BinaryIO, most: int) -> str:
    """Writes the body, unpacked, over what an attempt before has left; its SHA-256.

    More than `most` bytes are an error; a negative `most` keeps as many and drops the rest.
    """
    sink.seek(0)
    sink.truncate()
    digest, left = hashlib.sha256(), abs(most)
    async for data in _unpacked(response):
        if len(data) > left and most > 0:
            raise FetchError(f"{response.url}: larger than {most:,} bytes")
        sink.write(data[:left])
        digest.update(data[:left])
        left -= min(len(data), left)
    return digest.hexdigest()


async def _unpacked(response: httpx.Response) -> AsyncIterator[bytes]:
    packing = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packing in {"identity", ""}:
        async for data in response.aiter_raw():
            yield data
        return
    if packing not in {"gzip", "x-gzip"}:
        raise FetchError(f"{response.url}: packed as {packing}, which was not asked for")
    unpacker = zlib.decompressobj(wbits=31)
    try:
        async for data in response.aiter_raw():
            rest = data
            while rest:  # a little at a time: a small body may hold a flood
                yield unpacker.decompress(rest, _CHUNK)
                rest = unpacker.unconsumed_tail
    except zlib.error as error:
        raise PassingError(f"the packed body is damaged: {error}") from error
    yield unpacker.flush()
    if not unpacker.eof or unpacker.unused_data:
        raise PassingError("the packed body does not end where it should")
