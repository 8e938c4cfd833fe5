# SPDX-License-Identifier: ISC
"""gcs - Cloud Storage, JSON API v1: buckets, objects, uploads, downloads, lists

Faults, beside those of the core and of uploads:

    replace[:TEXT]      behind this answer the object is another one
    ignore-range        the whole object with 200, whatever Range says
    join-hashes         x-goog-hash in one line
    empty-page          a page without items that is not the last
    repeat-prefixes     prefixes of earlier pages come again
"""
import base64
import hashlib
import re
import secrets
import threading
import time
import zlib
from datetime import datetime, timezone
from urllib.parse import quote

from cloud import Refusal, Reply, reply_json
from uploads import Content, declared_hashes, multipart, uploads_of

FAULTS = 'replace', 'ignore-range', 'join-hashes', 'empty-page', 'repeat-prefixes'
SCOPE = 'https://www.googleapis.com/auth/'
FULL = {SCOPE + 'cloud-platform', SCOPE + 'devstorage.full_control'}
WRITE = FULL | {SCOPE + 'devstorage.read_write'}
READ = WRITE | {SCOPE + 'devstorage.read_only', SCOPE + 'cloud-platform.read-only'}
GENERATION = 'ifGenerationMatch ifGenerationNotMatch'
CONDITIONS = GENERATION + ' ifMetagenerationMatch ifMetagenerationNotMatch'
# Members of an object that a client may set.
SETTABLE = {'name', 'bucket', 'contentType', 'contentEncoding', 'contentDisposition',
            'contentLanguage', 'cacheControl', 'metadata', 'crc32c', 'md5Hash',
            'storageClass', 'customTime'}


def options(parser):
    parser.add_argument('--bucket', action='append', default=[],
                        help='one that is there from the start (default: bucket)')
    parser.add_argument('--versioned', action='store_true',
                        help='buckets keep the generations that are not live')
    parser.add_argument('--page', type=int, default=1000, metavar='N',
                        help='items of a page of a list, at most')


def register(cloud):
    Storage(cloud)


def timestamp(seconds):
    text = datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec='milliseconds')
    return text.replace('+00:00', 'Z')


class Object:
    """An object; md5 is None if it was composed, generation until it is published"""

    def __init__(self, bucket, name, content, given):
        self.bucket, self.name, self.generation = bucket, name, None
        self.given = given  # members that the client set
        self.data, self.size, self.crc = content.data, content.size, content.crc.base64()
        self.md5 = base64.b64encode(hashlib.md5(self.data).digest()).decode()
        self.components = None
        self.metageneration = 1
        self.created = self.updated = time.time()

    @property
    def content_type(self):
        return self.given.get('contentType') or 'application/octet-stream'

    def resource(self, base):
        path = f"/storage/v1/b/{self.bucket}/o/{quote(self.name, safe='')}"
        value = {
            'kind': 'storage#object', 'id': f'{self.bucket}/{self.name}/{self.generation}',
            'selfLink': base + path,
            'mediaLink': f'{base}/download{path}?generation={self.generation}&alt=media',
            'name': self.name, 'bucket': self.bucket, 'generation': str(self.generation),
            'metageneration': str(self.metageneration), 'contentType': self.content_type,
            'storageClass': 'STANDARD', 'size': str(self.size), 'crc32c': self.crc,
            'etag': base64.b64encode(str(self.generation).encode()).decode(),
            'timeCreated': timestamp(self.created), 'updated': timestamp(self.updated),
        }
        for name in sorted(SETTABLE - {'crc32c', 'md5Hash'}):
            if self.given.get(name):
                value[name] = self.given[name]
        if self.md5:
            value['md5Hash'] = self.md5
        if self.components:
            value['componentCount'] = self.components
        return value

    def hashes(self):
        return [f'crc32c={self.crc}'] + ([f'md5={self.md5}'] if self.md5 else [])


class Bucket:
    def __init__(self, name, versioned):
        self.name, self.versioned = name, versioned
        self.live, self.older = {}, {}  # name -> Object; (name, generation) -> Object
        self.created = time.time()

    def find(self, name, generation=None):
        thing = self.live.get(name)
        if generation is not None and (thing is None or thing.generation != generation):
            thing = self.older.get((name, generation))
        return thing

    def retire(self, name):
        thing = self.live.pop(name, None)
        if thing and self.versioned:
            self.older[name, thing.generation] = thing

    def resource(self):
        return {'kind': 'storage#bucket', 'id': self.name, 'name': self.name,
                'location': 'US', 'locationType': 'multi-region', 'storageClass': 'STANDARD',
                'versioning': {'enabled': self.versioned}, 'metageneration': '1',
                'timeCreated': timestamp(self.created)}


class Storage:
    def __init__(self, cloud):
        self.cloud = cloud
        self.lock = threading.RLock()
        self.generation = 0
        self.buckets = {}
        self.uploads = uploads_of(cloud)
        cloud.faults.update(FAULTS)
        cloud.serve_with(self)
        self.add_routes()

    def add_routes(self):
        route = self.cloud.route
        upload, one = '/upload/storage/v1/b/{bucket}/o', '/storage/v1/b/{bucket}/o/{object}'
        shared = CONDITIONS + ' projection predefinedAcl kmsKeyName '
        start = shared + 'name contentEncoding'
        self.uploads.accept(upload)
        route('POST', upload + '?uploadType=media&name', 'objects.insert.media',
              self.insert_media, start, WRITE)
        route('POST', upload + '?uploadType=multipart', 'objects.insert.multipart',
              self.insert_multipart, start, WRITE)
        route('POST', upload + '?uploadType=resumable', 'resumable.start',
              self.insert_resumable, start, WRITE)
        for path in one, '/download' + one:
            route('GET', path + '?alt=media', 'objects.get.media', self.get_media,
                  CONDITIONS + ' generation projection', READ)
        route('GET', one, 'objects.get', self.get, CONDITIONS + ' generation projection', READ)
        route('DELETE', one, 'objects.delete', self.delete, CONDITIONS + ' generation', WRITE)
        route('POST', one + '/compose', 'objects.compose', self.compose,
              'ifGenerationMatch ifMetagenerationMatch destinationPredefinedAcl', WRITE)
        route('GET', '/storage/v1/b/{bucket}/o', 'objects.list', self.list,
              'prefix delimiter maxResults pageToken startOffset endOffset versions projection'
              ' includeTrailingDelimiter', READ)
        route('GET', '/storage/v1/b/{bucket}', 'buckets.get', self.get_bucket,
              'projection', READ)
        route('POST', '/storage/v1/b?project', 'buckets.insert', self.insert_bucket,
              'projection', FULL | WRITE)

    def reset(self):
        with self.lock:
            names = self.cloud.args.bucket or ['bucket']
            self.buckets = {name: Bucket(name, self.cloud.args.versioned) for name in names}

    def state(self):
        with self.lock:
            return {'objects': [thing.resource('') for bucket in self.buckets.values()
                                for _, thing in sorted(bucket.live.items())]}

    # what is there

    def bucket(self, request):
        bucket = self.buckets.get(request.params['bucket'])
        if bucket is None:
            raise Refusal(404, 'notFound', 'The specified bucket does not exist.')
        return bucket

    def object(self, request, bucket):
        name = request.params['object']
        thing = bucket.find(name, request.whole('generation'))
        if thing is None:
            raise Refusal(404, 'notFound', f'No such object: {bucket.name}/{name}')
        return thing

    # uploads

    def insert_media(self, request):
        given = {'name': request.query['name'],
                 'contentType': request.header('Content-Type') or None}
        finish = self.inserter(request, given)
        content = Content(self.cloud.args.discard)
        for piece in request.body.pieces():
            content.add(piece)
        return reply_json(finish(content, declared_hashes(request)))

    def insert_multipart(self, request):
        given, kind, data = multipart(request)
        given.setdefault('contentType', kind or None)
        finish = self.inserter(request, given)
        content = Content(False)
        content.add(data)
        return reply_json(finish(content, {}))

    def insert_resumable(self, request):
        given = request.json() if request.body.length else {}
        kind = request.header('X-Upload-Content-Type') or given.get('contentType')
        if kind:
            given.setdefault('contentType', kind)
        finish = self.inserter(request, given)
        return self.uploads.start(request, finish, given.get('contentType') or '',
                                  f"&name={quote(given['name'], safe='')}")

    def inserter(self, request, given):
        """
        Checks what can be checked before the data are there. Returns the
        function that makes the object: insert(content, declared checksums) ->
        resource.
        """
        bucket = self.bucket(request)
        if 'contentEncoding' in request.query:
            given['contentEncoding'] = request.query['contentEncoding']
        name = request.query.get('name', given.get('name'))
        if given.setdefault('name', name) != name:
            raise invalid('name', 'The name of the query is not that of the object.')
        check_resource(given, bucket)
        conditions = read_conditions(request)
        check_write(bucket.live.get(name), conditions)
        base = request.base()

        def insert(content, declared):
            thing = Object(bucket.name, name, content, given)
            check_hashes(thing, content, {**given, **declared})
            with self.lock:
                check_write(bucket.live.get(name), conditions)
                self.publish(bucket, thing)
            return thing.resource(base)

        return insert

    def publish(self, bucket, thing):
        """Makes it the live generation of its name"""
        self.generation = max(self.generation + 1, int(time.time() * 1000000))
        thing.generation = self.generation
        bucket.retire(thing.name)
        bucket.live[thing.name] = thing

    # downloads

    def get(self, request):
        with self.lock:
            thing = self.object(request, self.bucket(request))
            early = check_read(thing, read_conditions(request))
            return early or reply_json(thing.resource(request.base()))

    def get_media(self, request):
        with self.lock:
            bucket = self.bucket(request)
            thing = self.object(request, bucket)
            early = check_read(thing, read_conditions(request))
        reply = early or media(request, thing)
        strike = request.fault('replace')
        if strike:
            self.replace(bucket, thing, strike.arg.encode() or b'something else\n')
        return reply

    def replace(self, bucket, old, data):
        content = Content(False)
        content.add(data)
        with self.lock:
            self.publish(bucket, Object(old.bucket, old.name, content, old.given))

    def delete(self, request):
        with self.lock:
            bucket = self.bucket(request)
            thing = self.object(request, bucket)
            check_write(thing, read_conditions(request))
            generation = request.whole('generation')
            if generation is None or bucket.live.get(thing.name) is thing:
                bucket.live.pop(thing.name)
                if generation is None and bucket.versioned:
                    bucket.older[thing.name, thing.generation] = thing
            else:
                del bucket.older[thing.name, thing.generation]
        return Reply(204)

    def compose(self, request):
        given = request.json()
        sources = given.pop('sourceObjects', None)
        if not isinstance(sources, list) or not 1 <= len(sources) <= 32:
            raise Refusal(400, 'invalid', 'The number of source components must be 1 to 32.')
        target = given.pop('destination', {})
        if given.keys() - {'kind'}:
            raise Refusal(400, 'invalid', f'Unknown member {min(given)}.')
        name = target.setdefault('name', request.params['object'])
        with self.lock:
            bucket = self.bucket(request)
            check_resource(target, bucket)
            parts = [source_object(bucket, source) for source in sources]
            check_write(bucket.live.get(name), read_conditions(request))
            content = Content(False)
            for part in parts:
                content.add(part.data)
            thing = Object(bucket.name, name, content, target)
            check_hashes(thing, content, target)
            thing.md5 = None
            thing.components = sum(part.components or 1 for part in parts)
            self.publish(bucket, thing)
            return reply_json(thing.resource(request.base()))

    # lists

    def list(self, request):
        most = min(request.whole('maxResults', 1000, 1), self.cloud.args.page, 1000)
        with self.lock:
            entries = self.entries(self.bucket(request), request)
        after = decode_token(request.query['pageToken']) if 'pageToken' in request.query else b''
        rest = [entry for entry in entries if entry[0] > after]
        page = [] if request.fault('empty-page') else rest[:most]
        value = {'kind': 'storage#objects'}
        prefixes = [name for key, name, thing in page if thing is None]
        if request.fault('repeat-prefixes'):
            prefixes = [name for key, name, thing in entries if thing is None
                        and key <= (page[-1][0] if page else after)]
        items = [thing.resource(request.base()) for _, _, thing in page if thing]
        if len(rest) > len(page):
            last = page[-1][0] if page else after
            value['nextPageToken'] = encode_token(last)
        if prefixes:
            value['prefixes'] = prefixes
        if items:
            value['items'] = items
        return reply_json(value)

    def entries(self, bucket, request):
        """(key, name, Object or None if it is a prefix) of all there is, in order of bytes"""
        query = request.query
        prefix, delimiter = query.get('prefix', ''), query.get('delimiter', '')
        things = list(bucket.live.values())
        if flag(request, 'versions'):
            things += bucket.older.values()
        found = {}
        for thing in things:
            name, key = thing.name, thing.name.encode()
            if not name.startswith(prefix) or key < query.get('startOffset', '').encode():
                continue
            if query.get('endOffset') and key >= query['endOffset'].encode():
                continue
            cut = name.find(delimiter, len(prefix)) if delimiter else -1
            if cut >= 0:
                folder = name[:cut + len(delimiter)]
                found[folder.encode()] = folder, None
                if name != folder or not flag(request, 'includeTrailingDelimiter'):
                    continue
            found[key + b'\0%020d' % thing.generation] = name, thing
        return [(key, *found[key]) for key in sorted(found)]

    # buckets

    def get_bucket(self, request):
        return reply_json(self.bucket(request).resource())

    def insert_bucket(self, request):
        name = request.json().get('name')
        if not isinstance(name, str) or not re.fullmatch('[a-z0-9][a-z0-9_.-]{1,61}[a-z0-9]', name):
            raise Refusal(400, 'invalid', f"Invalid bucket name: '{name}'")
        with self.lock:
            if name in self.buckets:
                raise Refusal(409, 'conflict', 'Your previous request to create the named bucket'
                              ' succeeded and you already own it.')
            self.buckets[name] = Bucket(name, self.cloud.args.versioned)
            return reply_json(self.buckets[name].resource())


# --- checks


def invalid(parameter, message):
    return Refusal(400, 'invalid', message,
                   entry={'locationType': 'parameter', 'location': parameter})


def check_resource(given, bucket):
    unknown = set(given) - SETTABLE
    if unknown:
        raise Refusal(400, 'invalid', f'Unknown member {min(unknown)}.')
    name = given.get('name')
    if not isinstance(name, str) or not 1 <= len(name.encode(errors='replace')) <= 1024:
        raise Refusal(400, 'required' if name is None else 'invalid', 'Required: name of 1 to'
                      ' 1024 bytes')
    if re.search('[\r\n]', name) or name in ('.', '..') or name.startswith(
            '.well-known/acme-challenge/'):
        raise Refusal(400, 'invalid', f"Disallowed unicode characters present in object name"
                      f" '{name}'")
    if given.get('bucket', bucket.name) != bucket.name:
        raise Refusal(400, 'invalid', 'The bucket of the object is another one.')
    for member in set(given) - {'metadata'}:
        if given[member] is not None and not isinstance(given[member], str):
            raise Refusal(400, 'invalid', f'{member} is not a string.')
    metadata = given.get('metadata', {})
    if not isinstance(metadata, dict) or not all(isinstance(x, str) for x in metadata.values()):
        raise Refusal(400, 'invalid', 'metadata is not an object of strings.')


def check_hashes(thing, content, declared):
    """A declared checksum must be right; of data that are not kept it is believed"""
    if content.discard:
        thing.crc, thing.md5 = declared.get('crc32c', thing.crc), None
        return
    for name, label, real in ('crc32c', 'CRC32C', thing.crc), ('md5Hash', 'MD5', thing.md5):
        if declared.get(name, real) != real:
            raise Refusal(400, 'invalid', f'Provided {label} "{declared[name]}" doesn\'t'
                          f' match calculated {label} "{real}".')


def read_conditions(request):
    return {name: request.whole(name) for name in CONDITIONS.split() if name in request.query}


def failures(thing, conditions):
    """The conditions that do not hold for what is there, which may be None"""
    values = {'Generation': thing.generation if thing else 0,
              'Metageneration': thing.metageneration if thing else 0}
    for name, value in conditions.items():
        what, _, negative = re.fullmatch('if(.*?)((Not)?Match)', name).groups()
        if (values[what] == value) == bool(negative):
            yield name


def failed_precondition():
    return Refusal(412, 'conditionNotMet',
                   'At least one of the pre-conditions you specified did not hold.',
                   entry={'locationType': 'header', 'location': 'If-Match'})


def check_write(thing, conditions):
    if any(failures(thing, conditions)):
        raise failed_precondition()


def check_read(thing, conditions):
    """A Reply where a condition says that nothing is to be sent"""
    failed = list(failures(thing, conditions))
    if any('Not' not in name for name in failed):
        raise failed_precondition()
    return Reply(304) if failed else None


def source_object(bucket, source):
    if not isinstance(source, dict) or set(source) - {'name', 'generation', 'objectPreconditions'}:
        raise Refusal(400, 'invalid', 'Invalid source object.')
    generation = source.get('generation')
    thing = bucket.find(source.get('name'), None if generation is None else int(generation))
    if thing is None:
        raise Refusal(404, 'notFound', f"Object {source.get('name')} (generation: {generation or 0})"
                      ' not found.')
    wanted = source.get('objectPreconditions', {}).get('ifGenerationMatch')
    if wanted is not None:
        check_write(thing, {'ifGenerationMatch': int(wanted)})
    return thing


def flag(request, name):
    text = request.query.get(name, 'false')
    if text not in ('true', 'false'):
        raise invalid(name, f"Invalid value '{text}' for {name}.")
    return text == 'true'


def encode_token(key):
    """A page token, no two of which are alike"""
    return base64.urlsafe_b64encode(b'page:' + secrets.token_bytes(6) + key).decode()


def decode_token(text):
    try:
        token = base64.urlsafe_b64decode(text)
    except ValueError:
        token = b''
    if not token.startswith(b'page:'):
        raise invalid('pageToken', 'Invalid page token.')
    return token[len(b'page:') + 6:]


# --- bytes


def media(request, thing):
    """The bytes of an object, as many as Range asks for"""
    encoding = thing.given.get('contentEncoding', '')
    headers = [('Content-Type', thing.content_type),
               ('x-goog-generation', str(thing.generation)),
               ('x-goog-metageneration', str(thing.metageneration)),
               ('x-goog-storage-class', 'STANDARD'),
               ('x-goog-stored-content-encoding', encoding or 'identity'),
               ('x-goog-stored-content-length', str(thing.size))]
    hashes = thing.hashes()
    for value in [','.join(hashes)] if request.fault('join-hashes') else hashes:
        headers.append(('x-goog-hash', value))
    for member, name in ('cacheControl', 'Cache-Control'), (
            'contentDisposition', 'Content-Disposition'), ('contentLanguage', 'Content-Language'):
        if thing.given.get(member):
            headers.append((name, thing.given[member]))
    if encoding == 'gzip' and not takes_gzip(request, thing):
        headers.append(('Warning', '214 UploadServer gunzipped'))
        return Reply(200, zlib.decompress(thing.data, 31), headers, chunked=True)
    if encoding:
        headers.append(('Content-Encoding', encoding))
    headers.append(('Accept-Ranges', 'bytes'))
    return ranged(request, thing, headers)


def takes_gzip(request, thing):
    accepted = request.header('Accept-Encoding').replace(' ', '').split(',')
    return 'gzip' in accepted or 'no-transform' in thing.given.get('cacheControl', '')


def ranged(request, thing, headers):
    found = re.fullmatch('bytes=([0-9]*)-([0-9]*)', request.header('Range'))
    if not found or found.groups() == ('', '') or request.fault('ignore-range'):
        return Reply(200, memoryview(thing.data), headers)
    first, last = found.groups()
    if first == '':
        first, last = max(thing.size - int(last), 0), thing.size - 1
    else:
        first, last = int(first), min(int(last or thing.size), thing.size - 1)
    if first > last:
        return Reply(416, b'', headers + [('Content-Range', f'bytes */{thing.size}')])
    headers.append(('Content-Range', f'bytes {first}-{last}/{thing.size}'))
    return Reply(206, memoryview(thing.data)[first:last + 1], headers)
