"""An encrypted file that is written and read as a stream: AES-GCM in pieces of a megabyte.

Each piece is sealed with its number and with whether it is the last, so that one that was changed, left out, moved or
cut off is noticed before anything is made of it.
"""

import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_MAGIC = b"VBB1"
_PIECE = 1 << 20
_TAG = 16
_SALT = 7


class Damaged(Exception):
    """The file was changed, is not whole, or was sealed with a key that is not in the ring."""


def seal(pieces: Iterable[bytes], out: IO[bytes], ring: Mapping[str, bytes]) -> int:
    """Compress and encrypt with the first key of the ring; how many bytes were written."""
    key_id, key = next(iter(ring.items()))
    salt = os.urandom(_SALT)
    head = _MAGIC + bytes([len(key_id)]) + key_id.encode() + salt
    cipher = AESGCM(key)
    written = out.write(head)
    for number, (piece, last) in enumerate(_with_last(_pieces(pieces))):
        written += out.write(_length(piece, last) + cipher.encrypt(_nonce(salt, number, last), piece, head))
    return written


def unseal(source: IO[bytes], ring: Mapping[str, bytes]) -> Iterator[bytes]:
    """The bytes that were sealed. Raises Damaged, at the latest after the last good piece."""
    head = source.read(len(_MAGIC) + 1)
    if len(head) <= len(_MAGIC) or not head.startswith(_MAGIC):
        raise Damaged("This is no sealed backup file.")
    rest = source.read(head[-1] + _SALT)
    key_id, salt = rest[:-_SALT].decode(errors="replace"), rest[-_SALT:]
    if key_id not in ring:
        raise Damaged(f"It was sealed with key {key_id!r}, which is not in BACKUP_KEYS.")
    cipher = AESGCM(ring[key_id])
    opened = zlib.decompressobj()
    number, last = 0, False
    while not last:
        piece, last = _next(source, cipher, salt, number, head + rest)
        number += 1
        if plain := opened.decompress(piece):
            yield plain
    if source.read(1):
        raise Damaged("There is something behind its end.")
    yield opened.flush()


def _next(source: IO[bytes], cipher: AESGCM, salt: bytes, number: int, head: bytes) -> tuple[bytes, bool]:
    length = int.from_bytes(source.read(4), "big")
    last = bool(length >> 31)
    length &= (1 << 31) - 1
    if not _TAG <= length <= _PIECE + _TAG:
        raise Damaged("It was cut off.")
    try:
        return cipher.decrypt(_nonce(salt, number, last), source.read(length), head), last
    except InvalidTag:
        raise Damaged("It was changed or cut off.") from None


def _length(piece: bytes, last: bool) -> bytes:
    return ((last << 31) | (len(piece) + _TAG)).to_bytes(4, "big")


def _nonce(salt: bytes, number: int, last: bool) -> bytes:
    return salt + number.to_bytes(4, "big") + bytes([last])


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Compressed, in pieces of one size."""
    # Level 1: the log and the tables are mostly air, and a backup must not take a core for itself.
    compressor, buffer = zlib.compressobj(1), bytearray()
    for chunk in chunks:
        buffer += compressor.compress(chunk)
        while len(buffer) >= _PIECE:
            yield bytes(buffer[:_PIECE])
            del buffer[:_PIECE]
    buffer += compressor.flush()
    for at in range(0, len(buffer), _PIECE):
        yield bytes(buffer[at : at + _PIECE])


def _with_last(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    before: bytes | None = None
    for piece in pieces:
        if before is not None:
            yield before, False
        before = piece
    yield before or b"", True
