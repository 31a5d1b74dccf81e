"""A loopback TCP proxy that delivers every byte later, as a server far away would."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def delaying_proxy(port: int, delay: float) -> Iterator[int]:
    """Passes on to `port` of this machine, `delay` seconds late each way; yields its own port."""
    started, stop = threading.Event(), asyncio.Event()
    at = {}

    async def serve() -> None:
        connections = set()

        async def connect(reader, writer) -> None:
            connections.add(asyncio.current_task())
            # one end hangs up, or the proxy stops
            with contextlib.closing(writer), contextlib.suppress(OSError, asyncio.CancelledError):
                far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
                with contextlib.closing(far_writer):
                    ways = (reader, far_writer), (far_reader, writer)
                    await asyncio.gather(*(_carry(*way, delay) for way in ways))

        server = await asyncio.start_server(connect, "127.0.0.1", 0)
        at.update(loop=asyncio.get_running_loop(), port=server.sockets[0].getsockname()[1])
        started.set()
        await stop.wait()
        server.close()
        for connection in connections:
            connection.cancel()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    started.wait()
    try:
        yield at["port"]
    finally:
        at["loop"].call_soon_threadsafe(stop.set)
        thread.join()


async def _carry(reader, writer, delay: float) -> None:
    """Reads at once and writes when the time has come, until one end closes."""
    later = asyncio.get_running_loop().call_later
    while chunk := await reader.read(65536):
        later(delay, writer.write, chunk)
    await asyncio.sleep(delay)
    writer.write_eof()
