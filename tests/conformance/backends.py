"""Backends for every private address, in a network of their own behind the proxy's: each tells in the head of
its answer which address and port were asked, and for which path.

    backends.py PORT...

tells `ready` when it listens. proxy.py starts it, inside its own network namespace.
"""
import asyncio
import pathlib
import subprocess
import sys

LINK, HERE, THERE = '198.51.100', 'proxy0', 'backends0'
BLOCKS = ('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16')


def start(ports):
    """The process, reached from the network namespace of the caller."""
    process = subprocess.Popen(['unshare', '-n', sys.executable, __file__, *map(str, ports)], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    own = pathlib.Path('/proc/self/ns/net').readlink()
    while pathlib.Path(f'/proc/{process.pid}/ns/net').readlink() == own:
        if process.poll() is not None:
            sys.exit('the backends have no network')
    for words in (f'link add {HERE} type veth peer name {THERE} netns {process.pid}', f'address add {LINK}.1/30 dev {HERE}',
                  f'link set {HERE} up', *(f'route add {block} via {LINK}.2' for block in BLOCKS)):
        subprocess.run(['ip', *words.split()], check=True)
    process.stdin.write('linked\n')
    process.stdin.flush()
    if process.stdout.readline() != 'ready\n':
        sys.exit('the backends do not listen')
    return process


async def answer(reader, writer):
    """Requests of one connection; what is no HTTP is not answered."""
    host, port = writer.get_extra_info('sockname')[:2]
    try:
        while True:
            first = await reader.readexactly(1)
            if not first.isalpha():
                raise EOFError
            head = (await reader.readuntil(b'\r\n\r\n')).split(b'\r\n')
            path = head[0].split(b' ')[1]
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Test-Path: ' + path + f'\r\nX-Test-Server: {host}:{port}\r\n\r\n'.encode())
            await writer.drain()
    except (OSError, EOFError, IndexError, asyncio.LimitOverrunError):
        writer.close()


async def serve(ports):
    for words in ('link set lo up', f'address add {LINK}.2/30 dev {THERE}', f'link set {THERE} up',
                  *(f'route add local {block} dev lo' for block in BLOCKS)):
        subprocess.run(['ip', *words.split()], check=True)
    for port in ports:
        await asyncio.start_server(answer, '0.0.0.0', port)
    print('ready', flush=True)
    await asyncio.Event().wait()


if __name__ == '__main__':
    sys.stdin.readline()
    asyncio.run(serve([int(port) for port in sys.argv[1:]]))
