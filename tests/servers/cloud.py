#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""cloud.py - Google's services on one port of 127.0.0.1, for tests

Prints its port as its first line of output and runs until killed. The services
are modules beside this one, which register their routes. They refuse what the
real ones refuse, and more: a query parameter that a method does not have, a
parameter twice, a body without Content-Length, Expect: 100-continue.

What a test asks of the server itself, without credentials, in JSON:

    GET    /_control/log      every request: n, at (ms since the start), op,
                              method, target, auth (the token's name), headers,
                              length and crc32c of the body, status, sent (bytes
                              of the answer), faults (those that struck)
    DELETE /_control/log
    GET    /_control/state    what the services hold
    GET    /_control/faults   the rules, with how often each struck
    POST   /_control/faults   adds a rule or a list of rules
    DELETE /_control/faults
    POST   /_control/reset    as after the start

A rule is an object; its op may hold wildcards ("resumable.*"):

    op, match                 which requests: operation, regular expression
                              that must be found in method and target
    nth, times                from the nth of them on (1), so many (1; 0: all)
    share, seed               of those the share that chance picks (1)
    do                        a fault or a list of faults, see below
    reason, message, body     of error answers; body: json, oauth, html,
                              xml, empty, cut
    retry_after               seconds, or "date:SECONDS" to have it as a date
    patch, headers            for "patch": what to merge into the JSON of a good
                              answer, headers to set or, if null, to leave out,
                              those of error answers too

Faults; N is a number of bytes, from the end if negative:

    STATUS                    answered so, without an effect
    early:STATUS              the same, without reading the request's body
    after:STATUS              takes effect, and is answered so
    drop-before, reset-before the connection ends (FIN, RST), without an effect
    stall-before              silence until the client leaves, without an effect
    drop-body:N, stall-read:N ends, or is read no further, behind N bytes of the
                              request's body
    drop-after, reset-after   takes effect, and the connection ends unanswered
    stall[:SECONDS]           takes effect, then silence, before an answer or
                              until the client leaves
    stall-body:N[:SECONDS]    the same behind N bytes of the answer's body
    truncate:N                the connection ends behind N bytes of the answer's
    corrupt:N                 a bit of byte N of the answer's body is wrong
    body:TEXT                 the answer's body is that text
    patch                     the answer is changed as the rule says
    expire                    the request's token is good no longer

Services have further ones, see there.
"""
import argparse
import email.utils
import fnmatch
import importlib
import json
import os
import random
import re
import secrets
import select
import socket
import ssl
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote

from crc32c import Crc32c

SERVICES = 'tokens', 'gcs', 'bigquery'
PIECE = 1 << 18
LINGER = 2  # seconds that a client may be silent when its connection is ended
JSON = 'application/json; charset=UTF-8'
# Query parameters that every method has.
STANDARD = {'alt', 'fields', 'key', 'prettyPrint', 'quotaUser', 'userProject'}
FAULTS = set('''early after drop-before reset-before stall-before drop-body stall-read
    drop-after reset-after stall stall-body truncate corrupt body patch expire status'''.split())
REASONS = {400: 'invalid', 401: 'authError', 403: 'forbidden', 404: 'notFound',
           408: 'requestTimeout', 409: 'conflict', 410: 'gone', 412: 'conditionNotMet',
           429: 'rateLimitExceeded', 500: 'internalError', 502: 'badGateway',
           503: 'backendError', 504: 'backendError'}


class Hangup(Exception):
    """The connection ends here, unanswered"""

    def __init__(self, reset=False):
        super().__init__()
        self.reset = reset


class Refusal(Exception):
    """
    An error answer: status, reason, message, headers; further members of the
    error and, as entry, of the one that is listed in it
    """

    def __init__(self, status, reason, message, headers=(), /, **more):
        super().__init__(message)
        self.status, self.reason, self.message = status, reason, message
        self.headers, self.more = headers, more

    def reply(self):
        more = dict(self.more)
        entry = {'message': self.message, 'domain': 'global', 'reason': self.reason,
                 **more.pop('entry', {})}
        error = {'code': self.status, 'message': self.message, 'errors': [entry], **more}
        return reply_json({'error': error}, self.status, self.headers)


    def plain(self):
        """The same where no JSON is spoken, as for an object's bytes"""
        return Reply(self.status, self.message.encode(),
                     [('Content-Type', 'text/html; charset=UTF-8'), *self.headers])


class Reply:
    """An answer; chunked: without a Content-Length; hangup: the connection ends with it"""

    def __init__(self, status, body=b'', headers=(), chunked=False, hangup=False):
        self.status, self.body = status, body
        self.headers = list(headers)
        self.chunked, self.hangup = chunked, hangup

    def set(self, name, value):
        """Puts a header in the place of those of the name; None: leaves them out"""
        self.headers = [pair for pair in self.headers if pair[0].lower() != name.lower()]
        if value is not None:
            self.headers.append((name, value))


def reply_json(value, status=200, headers=()):
    body = json.dumps(value, indent=1, ensure_ascii=False).encode()
    return Reply(status, body, [('Content-Type', JSON), *headers])


# --- faults


class Rule:
    KEYS = {'op', 'match', 'nth', 'times', 'share', 'seed', 'do', 'reason', 'message',
            'body', 'retry_after', 'patch', 'headers'}

    def __init__(self, given, known):
        if set(given) - self.KEYS or not {'op', 'do'} <= set(given):
            raise ValueError(f'not a rule: {given}')
        self.given = given
        self.nth, self.times = given.get('nth', 1), given.get('times', 1)
        self.chance = random.Random(given.get('seed', 0))
        self.seen = self.struck = 0
        do = given['do']
        self.strikes = [Strike(self, text) for text in ([do] if isinstance(do, str) else do)]
        for strike in self.strikes:
            if strike.name not in known:
                raise ValueError(f'no fault {strike.name}')

    def match(self, request):
        if not fnmatch.fnmatchcase(request.op, self.given['op']):
            return []
        if not re.search(self.given.get('match', ''), f'{request.method} {request.target}'):
            return []
        self.seen += 1
        if self.seen < self.nth or self.times and self.seen >= self.nth + self.times:
            return []
        if self.chance.random() >= self.given.get('share', 1):
            return []
        self.struck += 1
        return self.strikes

    def error(self, status):
        reason = self.given.get('reason', REASONS.get(status, 'invalid'))
        message = self.given.get('message', f'A fault: {reason}.')
        reply = Refusal(status, reason, message).reply()
        shape = self.given.get('body', 'json')
        if shape == 'html':
            reply.body = f'<!DOCTYPE html><title>Error {status}</title>\n<p>{message}\n'.encode()
            reply.set('Content-Type', 'text/html; charset=UTF-8')
        elif shape == 'oauth':
            reply.body = json.dumps({'error': reason, 'error_description': message}).encode()
        elif shape == 'xml':
            reply.body = (f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{reason}</Code>"
                          f'<Message>{message}</Message></Error>').encode()
            reply.set('Content-Type', 'application/xml; charset=UTF-8')
        elif shape == 'empty':
            reply.body = b''
            reply.set('Content-Type', None)
        elif shape == 'cut':
            reply.body = reply.body[:len(reply.body) // 2]
        if 'retry_after' in self.given:
            text = str(self.given['retry_after'])
            if text.startswith('date:'):
                text = email.utils.formatdate(time.time() + float(text[5:]), usegmt=True)
            reply.set('Retry-After', text)
        set_headers(reply, self.given)
        return reply


class Strike:
    """A fault of a rule: name and argument"""

    def __init__(self, rule, text):
        self.rule, self.text = rule, text
        self.name, _, self.arg = text.partition(':')
        if self.name.isdigit():
            self.name, self.arg = 'status', self.name

    def error(self):
        return self.rule.error(int(self.arg))


# --- requests


class Body:
    """The body of a request, read when it is wanted"""

    def __init__(self, handler, length, count_only):
        self.handler, self.length, self.left = handler, length, length
        self.crc = None if count_only else Crc32c()
        self.end, self.stall = None, False  # left at which it breaks off

    def break_at(self, offset, stall):
        self.end = max(self.length - offset, 0)
        self.stall = stall

    def pieces(self, size=PIECE):
        """What is left of it, in pieces of that size; Hangup where it breaks off"""
        while self.left:
            want = min(size, self.left)
            if self.end is not None:
                want = min(want, self.left - self.end)
            piece = self.handler.rfile.read(want) if want else b''
            if self.crc:
                self.crc.update(piece)
            self.left -= len(piece)
            if piece:
                yield piece
            if self.left and len(piece) < min(size, self.left + len(piece)):
                if self.stall:
                    self.handler.wait_for_leaving()
                raise Hangup(reset=not self.stall)

    def read(self):
        return b''.join(self.pieces())

    def drain(self):
        for _ in self.pieces():
            pass


class Request:
    def __init__(self, handler, cloud):
        self.cloud, self.handler = cloud, handler
        self.method, self.target = handler.command, handler.path
        self.path, _, self.query_text = handler.path.partition('?')
        self.headers = handler.headers
        self.op, self.params, self.query = 'unknown', {}, {}
        self.strikes = []
        self.token = None
        length = self.headers.get('Content-Length', '0')
        self.body = Body(handler, int(length) if length.isdigit() else 0, cloud.args.discard)

    def fault(self, name):
        """The strike of that name, or None"""
        return next((strike for strike in self.strikes if strike.name == name), None)

    def header(self, name, default=''):
        return self.headers.get(name, default)

    def json(self):
        """The body, which must be a JSON object with the right type"""
        kind = self.header('Content-Type').partition(';')[0].strip().lower()
        if kind != 'application/json':
            raise Refusal(400, 'parseError', f'This API does not support Content-Type {kind!r}.')
        try:
            value = json.loads(self.body.read())
        except ValueError as error:
            raise Refusal(400, 'parseError', 'Parse Error') from error
        if not isinstance(value, dict):
            raise Refusal(400, 'parseError', 'Parse Error')
        return value

    def whole(self, name, default=None, minimum=0):
        """A query parameter that is an integer"""
        text = self.query.get(name)
        if text is None:
            return default
        if not re.fullmatch('-?[0-9]{1,19}', text) or int(text) < minimum:
            raise Refusal(400, 'invalidParameter', f"Invalid value '{text}' for {name}.",
                          entry={'location': name, 'locationType': 'parameter'})
        return int(text)

    def base(self):
        """What goes before a path in a URL that leads here"""
        scheme = 'https' if self.cloud.tls else 'http'
        return f"{scheme}://{self.header('Host', '127.0.0.1')}"


class Route:
    """A method of an API: its template has {names} and, behind ?, what the query must have"""

    def __init__(self, method, template, op, handler, query, scopes):
        self.method, self.op, self.handler, self.scopes = method, op, handler, scopes
        path, _, needs = template.partition('?')
        self.segments = path.split('/')
        self.needs = [need.partition('=') for need in needs.split('&') if need]
        self.known = STANDARD | set(query.split()) | {name for name, _, _ in self.needs}

    def match(self, method, segments, query):
        """The path's parameters, or None"""
        if method != self.method or len(segments) != len(self.segments):
            return None
        if not all(query.get(name) == value if equal else name in query
                   for name, equal, value in self.needs):
            return None
        params = {}
        for mine, given in zip(self.segments, segments):
            if mine.startswith('{'):
                name, _, tail = mine[1:].partition('}')
                if not given.endswith(tail) or len(given) == len(tail):
                    return None
                given = given[:len(given) - len(tail)]
                params[name] = unquote(given, errors='strict')
            elif mine != given:
                return None
        return params


class Token:
    """A bearer token: its name in the log, its scopes (None: every one), its end"""

    def __init__(self, name, scopes=None, seconds=None):
        self.name, self.scopes = name, scopes
        self.end = None if seconds is None else time.monotonic() + seconds

    def expired(self):
        return self.end is not None and time.monotonic() >= self.end


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True

    def setup(self):
        if self.server.tls:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def log_message(self, *_):
        pass

    def handle_expect_100(self):
        self.send_error(417)
        return False

    def wait_for_leaving(self, seconds=None):
        """Silence, for so long or until the client goes away: then Hangup"""
        end = None if seconds is None else time.monotonic() + seconds
        while end is None or time.monotonic() < end:
            left = None if end is None else max(end - time.monotonic(), 0)
            readable, _, _ = select.select([self.connection], [], [], left)
            if readable:
                try:
                    if not self.connection.recv(PIECE):
                        raise Hangup()
                except OSError as error:
                    raise Hangup() from error

    def hang_up(self, reset):
        self.close_connection = True
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                       struct.pack('ii', 1, 0))
            os.close(self.connection.detach())
            return
        # what is not read when a socket is closed would make its end a reset
        try:
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(LINGER)
            while self.connection.recv(PIECE):
                pass
        except OSError:
            pass  # the client went away, as clients do

    def send(self, request, reply):
        """Sends it with the faults that a body may have"""
        body = memoryview(reply.body)
        cut = len(body)
        stall, truncate = request.fault('stall-body'), request.fault('truncate')
        for strike in filter(None, (stall, truncate)):
            cut = min(cut, offset(strike.arg.partition(':')[0], len(body)))
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.chunked:
            self.send_header('Transfer-Encoding', 'chunked')
        elif reply.status != 204:
            self.send_header('Content-Length', str(len(body)))
        if reply.hangup:
            self.send_header('Connection', 'close')
        head = b''.join(self._headers_buffer) + b'\r\n'
        self._headers_buffer = []
        if reply.chunked and cut:
            head += b'%x\r\n' % len(body)
        self.sendall(head, body[:cut])
        if stall:
            seconds = stall.arg.partition(':')[2]
            self.wait_for_leaving(float(seconds) if seconds else None)
            self.connection.sendall(body[cut:])
        elif truncate:
            raise Hangup()
        if reply.chunked:
            self.connection.sendall((b'\r\n' if body else b'') + b'0\r\n\r\n')
        if reply.hangup:
            raise Hangup()
        return cut

    def sendall(self, head, body):
        if len(body) <= PIECE:
            self.connection.sendall(head + body.tobytes())
        else:
            self.connection.sendall(head)
            self.connection.sendall(body)

    def serve(self):
        try:
            self.server.serve(Request(self, self.server))
        except Hangup as hangup:
            self.hang_up(hangup.reset)
        except OSError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve


def offset(text, length):
    """A number of bytes of so many; negative: from the end"""
    number = int(text)
    return min(max(number + length if number < 0 else number, 0), length)


class Cloud(ThreadingHTTPServer):
    """The server: routes, rules, log, tokens. Services keep their own state."""
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, args):
        super().__init__(('127.0.0.1', 0), Handler)
        self.args = args
        self.lock = threading.RLock()
        self.tls = None
        if args.tls:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*args.tls)
        self.started = time.monotonic()
        self.routes, self.services = [], []
        self.uploads = None  # see uploads
        self.faults = set(FAULTS)
        self.verifiers = []
        self.rules, self.log = [], []
        # what upload_id the log shows by which name; what Authorization is good no longer
        self.tokens, self.secrets, self.revoked = {}, {}, set()
        self.reset()
        if args.token:
            self.give_away(args.token)

    # for services

    def route(self, method, template, op, handler, query='', scopes=None):
        """
        op: an operation's name, or a function of the request that gives it.
        handler: a function of the request that returns a Reply or raises Refusal.
        query: the names of the parameters that it may have.
        scopes: those of which one is needed; None: called without a token.
        """
        self.routes.append(Route(method, template, op, handler, query, scopes))

    def serve_with(self, service):
        """service: an object with reset() and state() -> a dictionary"""
        self.services.append(service)
        service.reset()

    def issue(self, name, scopes=None, seconds=None):
        """A new token; scopes: a set, or None for every one"""
        text = f'ya29.{secrets.token_urlsafe(24)}'
        self.tokens[text] = Token(name, scopes, seconds)
        self.give_away(text)
        return text

    def give_away(self, secret):
        """Notes a secret that a client has from now on, and is to keep"""
        if self.args.secrets:
            with self.lock, open(self.args.secrets, 'a', encoding='ascii') as file:
                print(secret, file=file)

    # the way of a request

    def serve(self, request):
        if request.path.startswith('/_control/'):
            request.handler.send(request, self.control(request))
            return
        entry = self.record(request)
        try:
            time.sleep(self.args.delay / 1000)
            reply = self.answer(request, entry)
            entry['status'] = reply.status
            entry['sent'] = request.handler.send(request, reply)
        finally:
            entry['length'] = request.body.length - request.body.left
            entry['crc32c'] = request.body.crc and request.body.crc.base64()
            entry['end'] = self.now()

    def now(self):
        return round((time.monotonic() - self.started) * 1000)

    def record(self, request):
        headers = {name.lower(): value for name, value in request.headers.items()}
        authorization = headers.pop('authorization', None)
        auth = None
        if authorization is not None:
            token = self.find_token(authorization)
            auth = token.name if token else 'unknown'
        with self.lock:
            target = re.sub('(?<=[?&]upload_id=)[^&]*',
                            lambda key: self.secrets.get(key[0], 'unknown'), request.target)
            entry = {'n': len(self.log) + 1, 'at': self.now(), 'op': None,
                     'method': request.method, 'target': target, 'auth': auth,
                     'headers': headers, 'length': None, 'crc32c': None, 'status': None,
                     'sent': None, 'faults': []}
            self.log.append(entry)
        return entry

    def answer(self, request, entry):
        try:
            route = self.find(request)
        except Refusal as refusal:
            request.body.drain()
            return refusal.reply()
        entry['op'] = request.op
        with self.lock:
            for rule in self.rules:
                request.strikes += rule.match(request)
        entry['faults'] = [strike.text for strike in request.strikes]
        reply = before(request)
        if reply is None:
            try:
                self.authorize(request, route)
                reply = route.handler(request)
            except Refusal as refusal:
                media = request.query.get('alt') == 'media'
                reply = refusal.plain() if media else refusal.reply()
            request.body.drain()
            reply = after(request, masked(request, reply))
        return reply

    def find(self, request):
        if 'Transfer-Encoding' in request.headers or (
                request.method in ('POST', 'PUT', 'PATCH')
                and not request.header('Content-Length').isdigit()):
            request.handler.close_connection = True
            raise Refusal(411, 'lengthRequired', 'Content-Length is required.')
        try:
            pairs = parse_qsl(request.query_text, keep_blank_values=True,
                              strict_parsing=True, errors='strict') if request.query_text else []
            query = dict(pairs)
            segments = request.path.split('/')
            found = [(route, params) for route in self.routes
                     for params in [route.match(request.method, segments, query)]
                     if params is not None]
        except ValueError as error:
            raise Refusal(400, 'invalid', 'The request is malformed.') from error
        if not found:
            raise Refusal(404, 'notFound', 'Not Found')
        route, request.params = found[0]
        request.query = query
        request.op = route.op if isinstance(route.op, str) else route.op(request)
        if len(query) != len(pairs):
            raise Refusal(400, 'invalidParameter', 'A parameter is repeated.')
        unknown = set(query) - route.known
        if unknown:
            raise Refusal(400, 'invalidParameter', f'Unknown parameter {min(unknown)}.')
        return route

    def find_token(self, authorization):
        scheme, _, text = authorization.partition(' ')
        if scheme != 'Bearer':
            return None
        token = self.tokens.get(text)
        for verify in self.verifiers:
            token = token or verify(text)
        return token

    def authorize(self, request, route):
        authorization = request.headers.get('Authorization')
        if route.scopes is None or self.args.anonymous and authorization is None:
            return
        if authorization is None:
            raise Refusal(401, 'required', 'Login Required',
                          entry={'locationType': 'header', 'location': 'Authorization'})
        token = self.find_token(authorization)
        if request.fault('expire'):
            self.revoked.add(authorization)
        if token is None or token.expired() or authorization in self.revoked:
            raise Refusal(401, 'authError', 'Invalid Credentials',
                          [('WWW-Authenticate', 'Bearer realm="https://accounts.google.com/"')],
                          entry={'locationType': 'header', 'location': 'Authorization'})
        if token.scopes is not None and not token.scopes & route.scopes:
            raise Refusal(403, 'insufficientPermissions',
                          'Request had insufficient authentication scopes.',
                          status='PERMISSION_DENIED')
        request.token = token

    # what a test asks of the server itself

    def reset(self):
        with self.lock:
            self.rules, self.log = [], []
            self.tokens, self.secrets, self.revoked = {}, {}, set()
            if self.args.token:
                self.tokens[self.args.token] = Token('given')
            for service in self.services:
                service.reset()

    def control(self, request):
        what = f"{request.method} {request.path[len('/_control/'):]}"
        body = request.body.read()
        with self.lock:
            if what == 'GET log':
                return reply_json(self.log)
            if what == 'GET state':
                return reply_json({name: value for service in self.services
                                   for name, value in service.state().items()})
            if what == 'DELETE log':
                self.log = []
            elif what == 'DELETE faults':
                self.rules = []
            elif what == 'POST reset':
                self.reset()
            elif what == 'POST faults':
                try:
                    given = json.loads(body)
                    rules = given if isinstance(given, list) else [given]
                    self.rules += [Rule(rule, self.faults) for rule in rules]
                except (ValueError, TypeError) as error:
                    return reply_json(str(error), 400)
            elif what != 'GET faults':
                return reply_json(f'no {what}', 404)
            return reply_json([{**rule.given, 'seen': rule.seen, 'struck': rule.struck}
                               for rule in self.rules])

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):  # the client went away, as clients do
            super().handle_error(request, client_address)


# --- what strikes before the effect, and after it


def before(request):
    """Sets the request's faults up; a Reply where they are all there is to it"""
    for name in 'drop-before', 'reset-before':
        if request.fault(name):
            raise Hangup(reset=name.startswith('reset'))
    if request.fault('stall-before'):
        request.body.drain()
        request.handler.wait_for_leaving()
    for name in 'drop-body', 'stall-read':
        strike = request.fault(name)
        if strike:
            request.body.break_at(offset(strike.arg, request.body.length), name == 'stall-read')
    strike = request.fault('early')
    if strike:
        reply = strike.error()
        reply.hangup = True
        return reply
    strike = request.fault('status')
    if strike:
        request.body.drain()
        return strike.error()
    return None


def after(request, reply):
    for name in 'drop-after', 'reset-after':
        if request.fault(name):
            raise Hangup(reset=name.startswith('reset'))
    strike = request.fault('after')
    if strike:
        reply = strike.error()
    strike = request.fault('body')
    if strike:
        reply.body = strike.arg.encode()
    strike = request.fault('patch')
    if strike:
        patch(reply, strike.rule.given)
    strike = request.fault('corrupt')
    if strike and len(reply.body):
        reply.body = bytearray(reply.body)
        reply.body[offset(strike.arg, len(reply.body) - 1)] ^= 1
    strike = request.fault('stall')
    if strike:
        request.handler.wait_for_leaving(float(strike.arg) if strike.arg else None)
    return reply


def patch(reply, given):
    if given.get('patch') and reply.status < 300:
        value = json.loads(bytes(reply.body))
        merge(value, given['patch'])
        reply.body = json.dumps(value).encode()
    set_headers(reply, given)


def set_headers(reply, given):
    for name, value in given.get('headers', {}).items():
        reply.set(name, value)


def merge(value, change):
    """Puts the members of change into value; null leaves a member out"""
    for name, new in change.items():
        if new is None:
            value.pop(name, None)
        elif isinstance(new, dict) and isinstance(value.get(name), dict):
            merge(value[name], new)
        else:
            value[name] = new


# --- the parameter "fields"


def parse_fields(text):
    """'a,b(c,d/e)' as {'a': {}, 'b': {'c': {}, 'd': {'e': {}}}}"""
    tokens = re.findall(r'[A-Za-z0-9_*.\-]+|[(),/]', text)
    if ''.join(tokens) != text or not text:
        raise ValueError(text)
    tree = fields_list(tokens)
    if tokens:
        raise ValueError(text)
    return tree


def fields_list(tokens):
    tree = {}
    while True:
        here = tree
        while True:
            name = tokens.pop(0) if tokens else ''
            if name in ('', '(', ')', ',', '/'):
                raise ValueError(name)
            here = here.setdefault(name, {})
            if not tokens or tokens[0] != '/':
                break
            del tokens[0]
        if tokens and tokens[0] == '(':
            del tokens[0]
            here.update(fields_list(tokens))
            if not tokens or tokens.pop(0) != ')':
                raise ValueError('(')
        if not tokens or tokens[0] != ',':
            return tree
        del tokens[0]


def select_fields(value, tree):
    if not tree or '*' in tree:
        return value
    if isinstance(value, list):
        return [select_fields(item, tree) for item in value]
    if isinstance(value, dict):
        return {name: select_fields(item, tree[name])
                for name, item in value.items() if name in tree}
    return value


def masked(request, reply):
    """The answer with the members alone that "fields" asks for"""
    text = request.query.get('fields')
    kind = dict(reply.headers).get('Content-Type', '')
    if text is None or reply.status >= 300 or kind != JSON:
        return reply
    try:
        tree = parse_fields(text)
    except ValueError:
        return Refusal(400, 'invalidParameter', f'Invalid field selection {text}',
                       entry={'locationType': 'parameter', 'location': 'fields'}).reply()
    reply.body = json.dumps(select_fields(json.loads(reply.body), tree)).encode()
    return reply


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--anonymous', action='store_true',
                        help='requests without a token are served too')
    parser.add_argument('--token', help='a token that is good for everything')
    parser.add_argument('--secrets', metavar='FILE',
                        help='gets a line for each token and each id of an upload given away')
    parser.add_argument('--tls', nargs=2, metavar=('CERT', 'KEY'))
    parser.add_argument('--delay', type=float, default=0, metavar='MS',
                        help='before every answer, as a network has it')
    parser.add_argument('--discard', action='store_true',
                        help='to measure speed: data sent are counted, not kept, and a'
                        ' checksum declared for them is believed')
    modules = [importlib.import_module(name) for name in SERVICES]
    for module in modules:
        module.options(parser)
    cloud = Cloud(parser.parse_args())
    for module in modules:
        module.register(cloud)
    print(cloud.server_port, flush=True)
    sys.stdout.close()
    cloud.serve_forever()


if __name__ == '__main__':
    sys.dont_write_bytecode = True
    import cloud as importable  # the services import this file by its name: one set of classes
    importable.main()
