"""A proxy between libpq and the server that does harm: it cuts, delays or corrupts a connection at a
byte that is told beforehand. It listens on a Unix socket in a folder of its own, so `host=FOLDER` is all
that changes in a connection string.

A fault happens once, in the first connection that gets so far; all after it are clean. What was sent
is counted, so that a test can go through every offset there is."""

import asyncio
import dataclasses
import pathlib
import shutil
import tempfile
import threading

TO_SERVER, TO_CLIENT = "to_server", "to_client"
CHUNK = 65536


@dataclasses.dataclass
class Fault:
    direction: str
    offset: int          # of the byte, from 0, in its direction
    kind: str            # "cut": this byte and all after it never arrive; "delay"; "corrupt"
    flip: int = 0xFF     # corrupt: the bits that are turned
    seconds: float = 0.05        # delay: so long
    ends_after: float = None     # the connection ends then; None: when its ends want it
    text: bytes = b""            # offset is that of the byte after these, wherever they come
    is_done: bool = False


class Proxy:
    def __init__(self, server_folder):
        self.server_socket = str(pathlib.Path(server_folder) / ".s.PGSQL.5432")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="muster-proxy-"))
        self.fault = None
        self.sent = {TO_SERVER: 0, TO_CLIENT: 0}  # of the connection that was opened last
        self.loop = asyncio.new_event_loop()
        self.tasks = set()
        ready = threading.Event()
        self.thread = threading.Thread(target=self._run, args=(ready,))
        self.thread.start()
        ready.wait()

    @property
    def connection(self):
        return f"host={self.folder} user=muster dbname=postgres"

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        shutil.rmtree(self.folder)

    def _run(self, ready):
        asyncio.set_event_loop(self.loop)
        path = str(self.folder / ".s.PGSQL.5432")
        listener = self.loop.run_until_complete(asyncio.start_unix_server(self._serve, path))
        self.loop.call_soon(ready.set)
        self.loop.run_forever()
        listener.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0.01))
        self.loop.close()

    async def _serve(self, client_reader, client_writer):
        server_reader, server_writer = await asyncio.open_unix_connection(self.server_socket)
        writers = [client_writer, server_writer]
        def hang_up():
            for writer in writers:
                writer.close()
        self.sent = sent = {TO_SERVER: 0, TO_CLIENT: 0}
        await asyncio.wait([
            asyncio.ensure_future(self._pass_on(TO_SERVER, sent, client_reader, server_writer, hang_up)),
            asyncio.ensure_future(self._pass_on(TO_CLIENT, sent, server_reader, client_writer, hang_up))],
            return_when=asyncio.FIRST_COMPLETED)
        hang_up()

    async def _pass_on(self, direction, sent, reader, writer, hang_up):
        try:
            while data := await reader.read(CHUNK):
                start = sent[direction]
                sent[direction] += len(data)
                fault = self.fault
                if fault and not fault.is_done and fault.direction == direction and fault.text in data:
                    if fault.text:  # which nobody can tell beforehand
                        fault.offset = start + data.index(fault.text) + len(fault.text)
                if fault and not fault.is_done and fault.direction == direction and start <= fault.offset < start + len(data):
                    fault.is_done = True
                    if fault.ends_after is not None:
                        self.loop.call_later(fault.ends_after, hang_up)
                    data = await self._harm(fault, data, fault.offset - start, writer)
                    if data is None:
                        return
                writer.write(data)
                await writer.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass

    @staticmethod
    async def _harm(fault, data, at, writer):
        """What is to be sent in place of the data; None: the connection ends."""
        if fault.kind == "corrupt":
            return data[:at] + bytes([data[at] ^ fault.flip]) + data[at + 1:]
        writer.write(data[:at])
        await writer.drain()
        if fault.kind == "cut":
            return None
        await asyncio.sleep(fault.seconds)
        return data[at:]
