#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""proxy.py LOG - an HTTP proxy on 127.0.0.1, for tests

Prints its port. Every request's head goes to the file LOG. CONNECT gets a
tunnel, anything else a 502. Runs until killed.
"""
import socket
import socketserver
import sys
import threading


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    finally:
        try:
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        head = b''
        while not head.endswith(b'\r\n\r\n'):
            line = self.rfile.readline()
            if not line:
                return
            head += line
        with open(sys.argv[1], 'ab') as log:
            log.write(head)
        method, target, _ = head.split(b'\r\n')[0].decode().split(' ')
        if method != 'CONNECT':
            self.wfile.write(b'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n')
            return
        host, port = target.rsplit(':', 1)
        with socket.create_connection((host, int(port))) as peer:
            self.wfile.write(b'HTTP/1.1 200 Connected\r\n\r\n')
            threading.Thread(target=pump, args=(peer, self.connection), daemon=True).start()
            pump(self.connection, peer)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


with Server(('127.0.0.1', 0), Handler) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
