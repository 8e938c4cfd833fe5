# SPDX-License-Identifier: ISC
"""uploads - the ways in which data come to Google: multipart and resumable

Faults of a resumable upload, beside those of the core:

    store:N       of this chunk N bytes are kept, as the answer says
    forget:N      the session keeps the first N of the bytes that it had
    gone:STATUS   404 or 410, now and for ever: the session is lost
    odd-location  the URI of the session has more in it, oddly escaped
    finalise      the upload is completed with what is there, as an emulator does
                  it when it is asked for the session's state

What Range says of a 308 can be changed by "patch" and its headers.
"""
import json
import re
import secrets
import threading

from cloud import PIECE, Refusal, Reply, offset, reply_json
from crc32c import Crc32c

FAULTS = 'store', 'forget', 'gone', 'odd-location', 'finalise'


def multipart(request):
    """The two parts of a multipart/related body: (object, the data's type, the data)"""
    found = re.fullmatch(r'multipart/related\s*;\s*boundary=("?)([^"\s;]{1,70})\1',
                         request.header('Content-Type'), re.IGNORECASE)
    if not found:
        raise malformed('Content-Type is not multipart/related with a boundary')
    body = b'\r\n' + request.body.read()
    parts = body.split(b'\r\n--' + found[2].encode())
    if len(parts) != 4 or parts[0] or parts[3] not in (b'--', b'--\r\n'):
        raise malformed('not two parts between boundaries')
    (kind, text), (data_kind, data) = (part(piece) for piece in parts[1:3])
    return parse_resource(kind, text), data_kind, data


def malformed(why):
    return Refusal(400, 'badContent', f'Malformed multipart body: {why}.')


def part(piece):
    """The type and the content of a part"""
    head, found, content = piece.partition(b'\r\n\r\n')
    lines = head.split(b'\r\n')
    if not found or lines[0] or b'\n' in head.replace(b'\r\n', b''):
        raise malformed('a part has no head')
    headers = dict((name.strip().lower(), value.strip()) for line in lines[1:]
                   for name, _, value in [line.decode('latin-1').partition(':')])
    return headers.get('content-type', ''), content


def parse_resource(kind, text):
    if kind.partition(';')[0].strip().lower() != 'application/json':
        raise malformed('the first part is not JSON')
    try:
        value = json.loads(text)
    except ValueError as error:
        raise Refusal(400, 'parseError', 'Parse Error') from error
    if not isinstance(value, dict):
        raise Refusal(400, 'parseError', 'Parse Error')
    return value


class Content:
    """Data that come in pieces; discard: they are counted, and that is all"""

    def __init__(self, discard):
        self.discard = discard
        self.data, self.size, self.crc = bytearray(), 0, Crc32c()

    def add(self, piece):
        self.size += len(piece)
        if not self.discard:
            self.crc.update(piece)
            self.data += piece

    def cut(self, length):
        del self.data[length:]
        self.size = min(self.size, length)
        self.crc = Crc32c(self.data)


class Session:
    """
    One resumable upload. finish(content, declared): a function that is called
    with the whole of the data and the checksums declared for them, and returns
    the resource or raises Refusal.
    """

    def __init__(self, name, path, kind, total, finish, discard):
        self.name, self.path, self.kind, self.total = name, path, kind, total
        self.finish = finish
        self.lock = threading.RLock()
        self.content = Content(discard)
        self.declared = {}
        self.result, self.gone, self.resent = None, None, 0

    @property
    def stored(self):
        return self.content.size

    def store(self, position, piece):
        """Keeps what is behind the bytes that it has"""
        with self.lock:
            known = self.stored - position
            if known < 0:
                raise Refusal(400, 'invalid', f'The upload offset is {position} bytes, which'
                              f' exceeds the already uploaded size of {self.stored} bytes.')
            self.resent += min(known, len(piece))
            self.content.add(piece[known:])

    def state(self):
        if self.gone:
            return f'gone {self.gone}'
        return 'open' if self.result is None else 'complete'


def uploads_of(cloud):
    """The server's one Uploads"""
    if cloud.uploads is None:
        cloud.uploads = Uploads(cloud)
    return cloud.uploads


class Uploads:
    """
    The sessions of all services. One whose path is in accept() and whose
    handler of uploadType=resumable returns start() has resumable uploads.
    """

    def __init__(self, cloud):
        self.cloud = cloud
        self.sessions = {}
        cloud.faults.update(FAULTS)
        cloud.serve_with(self)

    def reset(self):
        self.sessions = {}

    def state(self):
        return {'sessions': [{'name': session.name, 'path': session.path,
                              'stored': session.stored, 'total': session.total,
                              'resent': session.resent, 'state': session.state()}
                             for session in self.sessions.values()]}

    def accept(self, path):
        """Registers the requests of sessions whose URIs have that path"""
        need = f'{path}?upload_id'
        self.cloud.route('PUT', need, operation, self.put, 'uploadType name')
        self.cloud.route('DELETE', need, 'resumable.cancel', self.cancel, 'uploadType name')

    def start(self, request, finish, kind, query=''):
        """
        The answer that opens a session. finish: see Session; kind: the type of
        the data; query: what the session's URI has before its id.
        """
        length = request.headers.get('X-Upload-Content-Length')
        if length is not None and not length.isdigit():
            raise Refusal(400, 'invalid', 'Invalid X-Upload-Content-Length.')
        key = secrets.token_urlsafe(48)
        with self.cloud.lock:
            session = Session(f'session{len(self.sessions) + 1}', request.path, kind,
                              int(length) if length else None, finish, self.cloud.args.discard)
            self.sessions[key] = session
            self.cloud.secrets[key] = session.name
            self.cloud.give_away(key)
        if request.fault('odd-location'):
            query = '&name=%7ea%2fb%20c~d'
        location = f'{request.base()}{request.path}?uploadType=resumable{query}&upload_id={key}'
        return Reply(200, b'', [('Location', location), ('X-GUploader-UploadID', key)])

    def find(self, request):
        session = self.sessions.get(request.query['upload_id'])
        if session is None or session.path != request.path:
            raise Refusal(404, 'notFound', 'No such upload.')
        strike = request.fault('gone')
        if strike:
            session.gone = int(strike.arg)
        strike = request.fault('forget')
        if strike:
            session.content.cut(int(strike.arg))
        if session.gone:
            raise Refusal(session.gone, 'notFound', 'The upload is no more.')
        return session

    def cancel(self, request):
        session = self.find(request)
        if session.result is None:
            session.gone = 499
        return Reply(499)

    def put(self, request):
        session = self.find(request)
        if session.result is not None:
            return reply_json(session.result)
        first, last, total = content_range(request)
        with session.lock:
            if total is not None:
                if session.total not in (None, total) or total < session.stored:
                    raise Refusal(400, 'invalid', 'The final size of the upload has changed.')
                session.total = total
        if first is None:
            if request.body.length:
                raise Refusal(400, 'invalid', 'A status query has no body.')
        else:
            self.take(request, session, first, last, total)
        with session.lock:
            if session.stored == total or request.fault('finalise'):
                return self.complete(session)
        headers = [('Range', f'bytes=0-{session.stored - 1}')] if session.stored else []
        return Reply(308, b'', headers)

    def take(self, request, session, first, last, total):
        """Stores the body of a chunk"""
        length = last + 1 - first
        if request.body.length != length:
            raise Refusal(400, 'invalid', f'Content-Range is of {length} bytes,'
                          f' the body has {request.body.length}.')
        if last + 1 != total and length % PIECE:
            raise Refusal(400, 'invalid', f'A chunk of {length} bytes that is not the last is'
                          f' not a multiple of {PIECE}.')
        kind = request.header('Content-Type')
        if kind != session.kind:
            raise Refusal(400, 'invalid', f'Content-Type {kind!r} is not the {session.kind!r}'
                          ' of the start.')
        if first > session.stored:
            session.store(first, b'')
        if last + 1 == total:
            session.declared.update(declared_hashes(request))
        strike = request.fault('store')
        keep = offset(strike.arg, length) if strike else length
        position = first
        for piece in request.body.pieces():
            # what breaks off in a piece of 256 KiB is lost
            kept = piece[:max(keep - (position - first), 0)]
            if kept and (len(piece) == PIECE or not request.body.left):
                session.store(position, kept)
            position += len(piece)

    def complete(self, session):
        if session.result is None:
            session.result = session.finish(session.content, session.declared)
        return reply_json(session.result)


def operation(request):
    query = request.header('Content-Range').startswith('bytes */')
    return 'resumable.query' if query else 'resumable.chunk'


def content_range(request):
    """(first, last, total) of a PUT; the first two are None where it has no data"""
    found = re.fullmatch(r'bytes (?:([0-9]+)-([0-9]+)|\*)/(?:([0-9]+)|\*)',
                         request.header('Content-Range'))
    if not found:
        raise Refusal(400, 'invalid', 'Failed to parse Content-Range header.')
    first, last, total = (None if text is None else int(text) for text in found.groups())
    if first is not None and (last < first or total is not None and last >= total):
        raise Refusal(400, 'invalid', 'Failed to parse Content-Range header.')
    return first, last, total


def declared_hashes(request):
    """What x-goog-hash says, in the names of a resource"""
    names = {'crc32c': 'crc32c', 'md5': 'md5Hash'}
    pairs = [item.strip().partition('=') for line in request.headers.get_all('x-goog-hash', [])
             for item in line.split(',')]
    if any(name not in names for name, _, _ in pairs):
        raise Refusal(400, 'invalid', 'Invalid x-goog-hash.')
    return {names[name]: value for name, _, value in pairs}
