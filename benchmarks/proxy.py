"""A loopback TCP proxy that delivers every byte later, as a server far away would."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator

CHUNK = 65536  # bytes


@contextlib.contextmanager
def delaying_proxy(port: int, delay: float) -> Iterator[int]:
    """Passes on to `port` of this machine, `delay` seconds late each way; yields its own port.

    Only the delay grows, as on a long line: chunks travel one behind the other, not one by one.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    proxy = _Proxy(port, delay)
    try:
        yield asyncio.run_coroutine_threadsafe(proxy.start(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(proxy.stop(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class _Proxy:
    def __init__(self, port: int, delay: float) -> None:
        self.port, self.delay = port, delay
        self._connections: set[asyncio.Task] = set()

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        return self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connect(self, reader, writer) -> None:
        self._connections.add(asyncio.current_task())
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                await asyncio.gather(
                    self._carry(reader, far_writer), self._carry(far_reader, writer)
                )
            finally:
                far_writer.close()
        except (OSError, asyncio.CancelledError):
            pass  # one end hung up, or the proxy stops
        finally:
            writer.close()
            self._connections.discard(asyncio.current_task())

    async def _carry(self, reader, writer) -> None:
        """Reads at once and writes when the time has come, until one end closes."""
        due = asyncio.Queue()
        deliver = asyncio.create_task(self._deliver(due, writer))
        try:
            while chunk := await reader.read(CHUNK):
                due.put_nowait((time.monotonic() + self.delay, chunk))
            due.put_nowait((time.monotonic() + self.delay, b""))
            await deliver
        finally:
            deliver.cancel()

    async def _deliver(self, due: asyncio.Queue, writer) -> None:
        while True:
            moment, chunk = await due.get()
            await asyncio.sleep(moment - time.monotonic())
            if not chunk:
                writer.write_eof()
                return
            writer.write(chunk)
            await writer.drain()
