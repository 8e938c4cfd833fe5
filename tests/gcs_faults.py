#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""
gcs_faults.py - every fault of Cloud Storage in every operation of a store

    gcs_faults.py put-small|put-large|put-lost|get|list|kill

The server is tests/servers/cloud.py at $STORAGE_EMULATOR_HOST; the tools, with
pauses of milliseconds and chunks of 256 KiB, are those of $PATH. Prints a
table: the fault, the exit status, the requests, bytes that were sent again, and
what is there at the end. Whatever the fault, nothing is lost, doubled or seen
in part, and the same command without a fault completes the work. Exits 1 after
saying which rows are wrong.
"""
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

URL = os.environ['STORAGE_EMULATOR_HOST']
CHUNK = 256 * 1024
SMALL = random.Random(1).randbytes(100_000)
MIDDLE = random.Random(4).randbytes(2 * CHUNK - 1000)  # as much as is kept
LARGE = random.Random(2).randbytes(6 * CHUNK - 1000)
LONG = random.Random(3).randbytes(1_500_000)
ENV = {**os.environ, 'SLUICE_STORE': 'gs://bucket/f', 'SLUICE_TEST_PAUSE': '2',
       'SLUICE_TEST_STALL': '1', 'SLUICE_TEST_CHUNK': str(CHUNK)}

wrong = []


def control(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f'{URL}/_control/{path}', data, method=method)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def run(*command, data=b''):
    return subprocess.run(command, input=data, env=ENV, capture_output=True, timeout=120)


def log():
    return [entry for entry in control('GET', 'log') if not entry['target'].startswith('/_control')]


def objects():
    return [(thing['name'], int(thing['size']), thing['crc32c'], thing['generation'])
            for thing in control('GET', 'state')['objects']]


def name_of(rules):
    return ', '.join(rule['do'] if isinstance(rule['do'], str) else '+'.join(rule['do'])
                     for rule in rules)


class Row:
    """One line of the table, and what is wrong with it"""

    def __init__(self, what, rules):
        self.what, self.rules = what, rules
        self.problems = []

    def claim(self, good, text):
        if not good:
            self.problems.append(text)

    def begin(self):
        control('POST', 'reset')
        control('DELETE', 'log')

    def strike(self):
        if self.rules:
            control('POST', 'faults', self.rules)

    def end_strike(self):
        rules = control('GET', 'faults')
        self.claim(all(rule['struck'] for rule in rules), f'a fault did not strike: {rules}')
        control('DELETE', 'faults')

    def quiet(self, result):
        said = result.stdout + result.stderr
        self.claim(b'upload_id' not in said, f'a secret: {said}')
        lines = result.stderr.count(b'\n')
        self.claim(lines == (result.returncode != 0), f'said: {result.stderr}')

    def print(self, status, requests, again, final):
        mark = ' WRONG' if self.problems else ''
        print(f'{self.what:34} {name_of(self.rules):28} {status:>4} {requests:>8} {again:>8}'
              f'  {final}{mark}')
        wrong.extend(f'{self.what} {name_of(self.rules)}: {text}' for text in self.problems)


def header(title):
    print(f'\n{title:34} {"fault":28} {"exit":>4} {"requests":>8} {"resent":>8}  at the end')


def rule(op, do, nth=1, times=1, **more):
    return {'op': op, 'do': do, 'nth': nth, 'times': times, **more}


# --- put


def put(data):
    return run('gcs-put', 'x', data=data)


def judge_object(row, data, result):
    """What is there after a put, for people"""
    there = objects()
    row.claim(len(there) <= 1, f'objects: {there}')
    if not there:
        row.claim(result.returncode != 0, 'success, and nothing is there')
        return 'nothing'
    name, size, crc, generation = there[0]
    row.claim((name, size) == ('f/x', len(data)), f'in part: {there}')
    if result.returncode == 0:
        receipt = json.loads(result.stdout)
        row.claim(receipt['generation'] == generation and receipt['crc32c'] == crc,
                  f'receipt: {receipt}, there: {there}')
        return 'existed' if receipt['existed'] else 'object'
    return 'object'


def case_put(what, data, rules, want, final, most=None):
    row = Row(what, rules)
    row.begin()
    row.strike()
    result = put(data)
    row.end_strike()
    row.quiet(result)
    row.claim(result.returncode == want, f'exit {result.returncode}: {result.stderr}')
    entries = log()
    sent = sum(entry['length'] or 0 for entry in entries
               if entry['op'] in ('resumable.chunk', 'objects.insert.multipart'))
    state = control('GET', 'state')
    got = judge_object(row, data, result)
    row.claim(got == final, f'{got}, not {final}')
    if want == 0:
        row.claim(all(session['state'] != 'open' or session['stored'] < len(data)
                      for session in state['sessions']), 'a session is open')
    # the server stores a body in pieces of 256 KiB, so that all but one chunk may come twice
    again = max(0, sent - len(data))
    if most is not None:
        row.claim(again <= most, f'{again} bytes were sent again')
    before = objects()
    second = put(data)
    row.claim(second.returncode == 0, f'again: exit {second.returncode}: {second.stderr}')
    row.claim(len(objects()) == 1 and judge_object(row, data, second) != 'nothing',
              f'again: {objects()}')
    if before and want == 0:
        row.claim(objects() == before, 'another generation')
        row.claim(json.loads(second.stdout)['existed'], 'again: not existed')
    row.print(result.returncode, len(entries), again, got)


LOST = ['drop-before', 'reset-before', 'drop-after', 'reset-after', 'stall-before', 'stall']
STATUSES = ['408', '429', '500', '502', '503', '504', 'early:503', 'after:503', 'after:429']


def put_small():
    op, slack = 'objects.insert.multipart', len(SMALL) + 2000
    header('put of 100 kB, one request')
    case_put('none', SMALL, [], 0, 'object', 2000)
    for do in STATUSES + LOST + ['drop-body:50000', 'stall-read:50000', 'truncate:100', 'truncate:0']:
        case_put(op, SMALL, [rule(op, do)], 0, 'object', slack)
    for reason in 'rateLimitExceeded', 'userRateLimitExceeded':
        case_put(f'{op} {reason}', SMALL, [rule(op, '403', reason=reason)], 0, 'object', slack)
    case_put(f'{op} thrice', SMALL, [rule(op, '503', times=3)], 0, 'object', 3 * slack)
    case_put(f'{op} Retry-After', SMALL, [rule(op, '429', retry_after=1)], 0, 'object', slack)
    for body in 'html', 'xml', 'empty', 'cut':
        case_put(f'{op} {body}', SMALL, [rule(op, '503', body=body)], 0, 'object', slack)
        case_put(f'{op} {body}', SMALL, [rule(op, '403', body=body)], 2, 'nothing', 2000)
    for status in '400', '401', '403', '404', '409':
        case_put(op, SMALL, [rule(op, status, times=0)], 2, 'nothing', slack)
    wrong_sum = {'crc32c': 'AAAAAA=='}
    for patch in wrong_sum, {'size': '99999'}, {'md5Hash': 'AAAAAAAAAAAAAAAAAAAAAA=='}:
        case_put(f'{op} {list(patch)[0]}', SMALL, [rule(op, 'patch', patch=patch)], 2,
                 'nothing', 2000)
    case_put(f'{op} no checksum', SMALL, [rule(op, 'patch', patch={'crc32c': None})], 0,
             'object', 2000)
    case_put('and the look after 412', SMALL,
             [rule(op, 'after:503'), rule('objects.get', '503', times=2)], 0, 'object', slack)
    case_put('and the removal', SMALL,
             [rule(op, 'patch', patch=wrong_sum), rule('objects.delete', 'after:503')], 2,
             'nothing', 2000)


def put_large():
    start, chunk, query = 'resumable.start', 'resumable.chunk', 'resumable.query'
    header('put of 1.5 MB, six chunks, of which two are kept')
    case_put('none', LARGE, [], 0, 'object', 0)
    for do in STATUSES + LOST + ['truncate:0']:
        case_put(start, LARGE, [rule(start, do)], 0, 'object', 0)
    for nth, part in (1, 'first'), (3, 'third'), (6, 'last'):
        # libcurl itself sends again what died with a connection that it had kept
        for do in STATUSES + LOST + ['drop-body:100000', 'drop-body:262144', 'stall-read:100000',
                                     'store:0', 'store:100000']:
            if nth < 6 or do != 'drop-body:262144':
                case_put(f'{chunk}, {part}', LARGE, [rule(chunk, do, nth)], 0, 'object', CHUNK)
    case_put(f'{chunk}, every second', LARGE, [rule(chunk, '503', n) for n in range(1, 12, 2)], 0,
             'object', 6 * CHUNK)
    for nth, part in (1, 'first'), (6, 'last'):
        for do in STATUSES + LOST:
            case_put(f'{query} after the {part}', LARGE,
                     [rule(chunk, 'after:503', nth), rule(query, do)], 0, 'object', CHUNK)
    for do, nth in ('400', 3), ('401', 1), ('403', 3), ('403', 6):
        case_put(f'{chunk} {nth}', LARGE, [rule(chunk, do, nth)], 2, 'nothing', CHUNK)
    for op, nth in (chunk, 6), (query, 1):
        rules = [rule(op, 'patch', nth, patch={'crc32c': 'AAAAAA=='})]
        if op == query:
            rules.append(rule(chunk, 'after:503', 6))
        case_put(f'{op} wrong sum', LARGE, rules, 2, 'nothing', 0)
    case_put('no resource', LARGE, [rule(chunk, 'patch', 6, patch={'size': None})], 0, 'object', 0)


def put_ranges():
    """What Range may say of a 308"""
    chunk, query = 'resumable.chunk', 'resumable.query'
    header('put, and what the service says that it has')
    for range_ in None, 'bytes=5-7', 'bytes=0-', 'bytes=0-0x10', 'items=0-5', 'bytes=0-18446744073709551616':
        for data in MIDDLE, LARGE:
            case_put(f'{chunk} 1: Range {range_}', data,
                     [rule(chunk, 'patch', headers={'Range': range_})], 0, 'object', CHUNK)
        case_put(f'{chunk} 2: Range {range_}', LARGE,
                 [rule(chunk, 'patch', 2, headers={'Range': range_})], 2 if range_ else 75,
                 'nothing', 0)
    case_put(f'{chunk} 2: Range is less', LARGE,
             [rule(chunk, 'patch', 2, headers={'Range': 'bytes=0-262143'})], 0, 'object', CHUNK)
    case_put(f'{chunk} 5: Range shrinks', LARGE,
             [rule(chunk, 'patch', 5, headers={'Range': 'bytes=0-262143'})], 75, 'nothing', 0)
    for nth in 1, 3:
        case_put(f'{chunk} {nth}: Range is beyond', LARGE,
                 [rule(chunk, 'patch', nth, headers={'Range': 'bytes=0-1572863'})], 2,
                 'nothing', 0)
    case_put(f'{chunk} all in part', LARGE,
             [rule(chunk, 'store:131072', n) for n in (1, 2)], 0, 'object', 3 * CHUNK)
    case_put(f'{query}: it shrank', MIDDLE,
             [rule(chunk, 'after:503', 1), rule(query, 'forget:0')], 0, 'object', CHUNK)
    case_put(f'{query}: it shrank', LARGE,
             [rule(chunk, 'after:503', 3), rule(query, 'forget:0')], 75, 'nothing', 0)
    case_put(f'{query}: all is there', LARGE,
             [rule(chunk, 'store:262144', 6), rule(chunk, '503', 6)], 0, 'object', CHUNK)


def put_lost():
    """A session that the service forgot"""
    put_ranges()
    chunk, query = 'resumable.chunk', 'resumable.query'
    header('put, whose upload is lost')
    for status in '404', '410':
        for data, nth, want in ((MIDDLE, 1, 0), (MIDDLE, 2, 0), (LARGE, 1, 0), (LARGE, 2, 75),
                                (LARGE, 6, 75)):
            final = 'nothing' if want else 'object'
            case_put(f'{chunk} {nth}', data, [rule(chunk, f'gone:{status}', nth)], want, final,
                     2 * CHUNK)
            case_put(f'{query} after {nth}', data,
                     [rule(chunk, '503', nth), rule(query, f'gone:{status}')], want, final,
                     2 * CHUNK)
    case_put('gone, and the start', LARGE,
             [rule(chunk, 'gone:404', 1), rule('resumable.start', '503', 2, 2)], 0, 'object',
             2 * CHUNK)


# --- get


def case_get(what, rules, want=0, data=LONG, most=None):
    row = Row(what, rules)
    row.begin()
    assert run('gcs-put', 'x', data=data).returncode == 0
    control('DELETE', 'log')
    row.strike()
    result = run('gcs-get', 'x')
    row.end_strike()
    row.claim(result.returncode == want, f'exit {result.returncode}: {result.stderr}')
    row.claim(result.stderr.count(b'\n') == (want != 0), f'said: {result.stderr}')
    entries = log()
    if want == 0:
        row.claim(result.stdout == data, 'other bytes')
    generations = {entry['target'].partition('generation=')[2] for entry in entries[1:]}
    row.claim(len(generations) <= 1, f'generations: {generations}')
    again = max(0, sum(entry['sent'] or 0 for entry in entries if entry['status'] in (200, 206))
                - len(data))
    if most is not None:
        row.claim(again <= most, f'{again} bytes came again')
    row.print(result.returncode, len(entries), again, 'all bytes' if want == 0 else 'failed')


def get_all():
    op = 'objects.get.media'
    header('get of 1.5 MB')
    case_get('none', [], most=0)
    for do in STATUSES[:7] + LOST:
        case_get(op, [rule(op, do)])
    for do in ('truncate:0', 'truncate:1', 'truncate:700000', 'truncate:-1', 'stall-body:0',
               'stall-body:700000', 'stall-body:-1'):
        case_get(op, [rule(op, do)], most=1_000_000)
    case_get(f'{op} again and again', [rule(op, 'truncate:200000', n) for n in range(1, 7)],
             most=1_000_000)
    case_get(f'{op} between', [rule(op, 'truncate:700000'), rule(op, '503', 2, 2)])
    case_get('an empty object', [rule(op, '503')], data=b'\n')
    case_get('Range is ignored', [rule(op, 'truncate:700000'), rule(op, 'ignore-range', 2)])
    case_get('and breaks off again', [rule(op, 'truncate:700000'),
                                      rule(op, ['ignore-range', 'truncate:900000'], 2)])
    case_get('replaced meanwhile', [rule(op, ['truncate:700000', 'replace'])], 75)
    case_get('another generation', [rule(op, 'truncate:700000'), rule(
        op, 'patch', 2, headers={'x-goog-generation': '1'})], 2)
    case_get('another encoding', [rule(op, 'truncate:700000'), rule(
        op, 'patch', 2, headers={'Content-Encoding': 'br'})], 2)
    case_get('another range', [rule(op, 'truncate:700000'), rule(
        op, 'patch', 2, headers={'Content-Range': 'bytes 700001-1499999/1500000'})], 2)
    case_get('a bit is wrong', [rule(op, 'corrupt:1000000')], 2)
    case_get('hashes in one line', [rule(op, 'join-hashes')])
    for value, want in ('crc32c=AAAAAA==', 2), ('md5=AAAAAAAAAAAAAAAAAAAAAA==', 2), (None, 2):
        case_get(f'x-goog-hash: {value}'[:34],
                 [rule(op, 'patch', headers={'x-goog-hash': value})], want)
    for status in '400', '401', '403', '404', '412':
        case_get(op, [rule(op, status, times=0)], 2)


# --- list


def case_list(what, rules, want=0):
    row = Row(what, rules)
    row.begin()
    names = [f'd{n % 3}/{n:02}' for n in range(20)]
    for name in names:
        put_object(f'f/{name}')
    put_object('f-not')
    control('DELETE', 'log')
    row.strike()
    result = run('gcs-ls')
    row.end_strike()
    row.claim(result.returncode == want, f'exit {result.returncode}: {result.stderr}')
    row.claim(result.stderr.count(b'\n') == (want != 0), f'said: {result.stderr}')
    listed = [line.split(',')[0] for line in result.stdout.decode().splitlines()[1:]]
    if want == 0:
        row.claim(listed == sorted(names), f'listed: {listed}')
    row.print(result.returncode, len(log()), 0, f'{len(listed)} names')


def put_object(name):
    name = urllib.parse.quote(name, safe='')
    token = os.environ['CLOUDSDK_AUTH_ACCESS_TOKEN']
    request = urllib.request.Request(
        f'{URL}/upload/storage/v1/b/bucket/o?uploadType=media&name={name}', b'x', method='POST',
        headers={'Authorization': f'Bearer {token}', 'Content-Type': 'text/plain'})
    urllib.request.urlopen(request).close()


def list_all():
    op = 'objects.list'
    header('list of 20 objects, 7 a page')
    case_list('none', [])
    for nth in 1, 2, 3:
        for do in STATUSES[:7] + LOST + ['truncate:100', 'empty-page', 'repeat-prefixes']:
            case_list(f'{op} {nth}', [rule(op, do, nth)])
    case_list(f'{op}, empty pages', [rule(op, 'empty-page', n) for n in (1, 2, 4)])
    for status in '400', '401', '403', '404':
        case_list(f'{op} 2', [rule(op, status, 2, 0)], 2)


# --- kill


def kill_at(what, data, op, nth, do):
    """Ends a put with SIGKILL while the service is silent over one of its requests"""
    row = Row(what, [rule(op, do, nth)])
    row.begin()
    row.strike()
    with tempfile.TemporaryFile() as given:
        given.write(data)
        given.seek(0)
        tool = subprocess.Popen(['gcs-put', 'x'], stdin=given, stdout=subprocess.DEVNULL,
                                env={**ENV, 'SLUICE_TEST_STALL': '60'})
        end = time.monotonic() + 30
        while not control('GET', 'faults')[0]['struck'] and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.05)
        tool.send_signal(signal.SIGKILL)
        row.claim(tool.wait() == -signal.SIGKILL, 'it was not killed')
    row.end_strike()
    requests = len(log())
    there = objects()
    row.claim(there in ([], [t for t in there if t[1] == len(data)]), f'in part: {there}')
    result = put(data)
    row.claim(result.returncode == 0, f'again: {result.returncode}: {result.stderr}')
    final = judge_object(row, data, result)
    row.claim(final == ('existed' if there else 'object'), f'again: {final}')
    row.claim(not there or objects() == there, 'another generation')
    row.print('kill', requests, 0, f'again: {final}')


def kill_all():
    header('put, killed at a request')
    for do in 'stall-before', 'stall':
        kill_at('objects.insert.multipart', SMALL, 'objects.insert.multipart', 1, do)
        kill_at('resumable.start', LARGE, 'resumable.start', 1, do)
        for nth in range(1, 7):
            kill_at(f'resumable.chunk {nth}', LARGE, 'resumable.chunk', nth, do)


def main():
    {'put-small': put_small, 'put-large': put_large, 'put-lost': put_lost, 'get': get_all, 'list': list_all,
     'kill': kill_all}[sys.argv[1]]()
    for text in wrong:
        print(text)
    sys.exit(1 if wrong else 0)


if __name__ == '__main__':
    main()
