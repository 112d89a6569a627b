"""Writes a journal as docs/journal.md says, without the library: the format as others would have it."""

import hashlib
import struct


def segment_header(first, term, previous):
    head = struct.pack("<8sIIQQ32s32x", b"MUSTERJ\n", 1, 128, first, term, previous)
    return head + hashlib.sha256(head).digest()


def record(previous, sequence, time_ms, content, synced):
    head = struct.pack("<4sIQqQ", b"MREC", len(content), sequence, time_ms, synced)
    body = head + content + bytes(-len(content) % 8)
    return body + hashlib.sha256(previous + body).digest()


def write(folder, segments):
    """`segments` is a list of lists of (time_ms, content); returns the paths and the last hash."""
    folder.mkdir()
    previous, sequence, paths = bytes(32), 1, []
    for term, records in enumerate(segments, start=1):
        data = segment_header(sequence, term, previous)
        path = folder / f"{sequence:020}.journal"
        previous = data[-32:]
        for time_ms, content in records:
            one = record(previous, sequence, time_ms, content, sequence - 1)
            previous, data, sequence = one[-32:], data + one, sequence + 1
        path.write_bytes(data)
        paths.append(path)
    return paths, previous.hex()
