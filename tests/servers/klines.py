#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""klines.py - an exchange that answers GET /api/v3/klines, for tests

Serves the candles of a file, a JSON answer or headerless CSV, on 127.0.0.1
and a port that it prints as its first line of output. It is stricter than the
real one: a request that breaks the contract is refused. Runs until killed.

--plan lists what to do with the requests in turn; those behind its end are
answered as they should be, or as its last item says if that ends with '*':

    ok                answer
    STATUS[:SECONDS][@FILE]
                      that status, with Retry-After and the file as the body
    body@FILE         status 200 with the file as the body
    nodate            answer without a Date
    truncate          half of the answer
    repeat            answer as if startTime were the first candle's
    beyond            answer as if there were no endTime
    silent            no answer until the client goes away
    huge              a body without an end
"""
import argparse
import csv
import email.utils
import json
import re
import sys
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

INTERVALS = '1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M'.split()
INTEGERS = 0, 6, 8


class Refusal(Exception):
    """code and message of an error of the caller's"""


def read_candles(path):
    with open(path, newline='') as file:
        if path.endswith('.json'):
            return json.load(file)
        return [[int(value) if i in INTEGERS else value
                 for i, value in enumerate(row[:11] + ['0'])]
                for row in csv.reader(file)]


def whole(params, name, default):
    text = params.pop(name, None)
    if text is None:
        return default
    if not re.fullmatch('[0-9]{1,20}', text):
        raise Refusal(-1100, f"Illegal characters found in parameter '{name}'.")
    return int(text)


def select(server, query):
    """The candles that a query asks for; both bounds compare with open times"""
    pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True)
    params = dict(pairs)
    if len(params) != len(pairs):
        raise Refusal(-1101, 'Duplicate values for a parameter detected.')
    for name in 'symbol', 'interval':
        if not params.get(name):
            raise Refusal(-1102, f"Mandatory parameter '{name}' was not sent.")
    interval = params.pop('interval')
    if interval not in INTERVALS:
        raise Refusal(-1120, 'Invalid interval.')
    if params.pop('symbol') != server.symbol or interval != server.interval:
        raise Refusal(-1121, 'Invalid symbol.')
    start = whole(params, 'startTime', None)
    end = whole(params, 'endTime', float('inf'))
    limit = whole(params, 'limit', 500)
    if params:
        raise Refusal(-1104, 'Not all sent parameters were read.')
    if not 1 <= limit <= 1000:
        raise Refusal(-1130, "Data sent for parameter 'limit' is not valid.")
    if start is not None and start > end:
        raise Refusal(-1023, 'Start time is greater than end time.')
    if server.misdeed == 'repeat':
        start = 0
    if server.misdeed == 'beyond':
        end = float('inf')
    rows = [row for row in server.candles if (start or 0) <= row[0] <= end]
    return rows[-limit:] if start is None else rows[:limit]


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def date_time_string(self, timestamp=None):
        return email.utils.formatdate(self.server.date, usegmt=True)

    def send_header(self, keyword, value):
        if keyword != 'Date' or self.server.misdeed != 'nodate':
            super().send_header(keyword, value)

    def answer(self, status, body, headers=(), announce=0):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header('Content-Type', 'application/json;charset=UTF-8')
        self.send_header('Content-Length', str(announce or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_well(self, query):
        try:
            rows = select(self.server, query)
        except (Refusal, ValueError) as error:
            code, message = error.args if len(error.args) == 2 else (-1100, 'Malformed.')
            self.answer(400, json.dumps({'code': code, 'msg': message}).encode())
            return
        body = json.dumps(rows, separators=(',', ':')).encode()
        if self.server.misdeed == 'truncate':
            self.answer(200, body[:len(body) // 2], announce=len(body))
            self.close_connection = True
        else:
            self.answer(200, body)

    def answer_badly(self, misdeed):
        what, _, path = misdeed.partition('@')
        body = b''
        if path:
            with open(path, 'rb') as file:
                body = file.read()
        status, _, seconds = what.partition(':')
        headers = [('Retry-After', seconds)] if seconds else []
        self.answer(200 if status == 'body' else int(status), body, headers)

    def do_GET(self):
        path, _, query = self.path.partition('?')
        misdeed = self.server.next_misdeed()
        self.server.log.write(f'{misdeed} {query}\n')
        self.server.log.flush()
        if path != '/api/v3/klines':
            self.answer(404, b'')
        elif misdeed == 'silent':
            self.rfile.read(1)
        elif misdeed == 'huge':
            self.answer(200, b'[' * 2**20, announce=2**40)
            while True:
                self.wfile.write(b'[' * 2**20)
        elif re.match('[0-9]|body', misdeed):
            self.answer_badly(misdeed)
        else:
            self.answer_well(query)


class Exchange(ThreadingHTTPServer):
    daemon_threads = True
    misdeed = 'ok'

    def next_misdeed(self):
        if self.plan:
            self.misdeed = self.plan[0].rstrip('*')
            if not self.plan[0].endswith('*'):
                del self.plan[0]
        else:
            self.misdeed = 'ok'
        return self.misdeed

    def handle_error(self, request, client_address):
        pass  # the client went away, as clients do


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--symbol', default='BTCUSDT')
    parser.add_argument('--interval', default='1h')
    parser.add_argument('--date', default='2030-01-01', metavar='TIME',
                        help='what the answers say in Date')
    parser.add_argument('--log', default='/dev/null', metavar='FILE',
                        help='a line for each request: what was done with it, its query')
    parser.add_argument('--plan', default='')
    parser.add_argument('candles')
    args = parser.parse_args()
    exchange = Exchange(('127.0.0.1', 0), Handler)
    exchange.candles = read_candles(args.candles)
    exchange.symbol = args.symbol
    exchange.interval = args.interval
    exchange.date = datetime.fromisoformat(args.date).replace(tzinfo=timezone.utc).timestamp()
    exchange.plan = [item for item in args.plan.split(',') if item]
    exchange.log = open(args.log, 'a', encoding='utf-8')
    print(exchange.server_port, flush=True)
    sys.stdout.close()
    exchange.serve_forever()


main()
