# SPDX-License-Identifier: ISC
"""bqjson - reads newline-delimited JSON as BigQuery's load jobs do

Numbers, dates and so on may be strings; a whole number that is none may not be
beyond 2^53, which is what is certain to stay exact. Where it is not known what
BigQuery makes of something, it is an error here: a member that stands twice, an
empty line, a string or null within JSON for a column of type JSON is a value.
"""
import json

import bqvalues
from bqcsv import DETAILS, Problem, entry


class Options:
    """The options of a load that tell how JSON is read, with their defaults"""

    def __init__(self, load):
        self.extra = load.get('ignoreUnknownValues', False)
        self.bad = load.get('maxBadRecords', 0)


class Reader:
    """Rows of files for the fields of a schema; errors: entries of the API"""

    def __init__(self, options, fields):
        self.options, self.fields = options, fields
        self.kinds = [bqvalues.field_type(field) for field in fields]
        self.rows, self.errors, self.bad = [], [], 0

    def read(self, source):
        lines = source.data.split(b'\n')
        if not lines[-1]:
            lines.pop()
        offset = 0
        for number, line in enumerate(lines, 1):
            try:
                self.rows.append(self.row(line))
            except Problem as problem:
                self.bad += 1
                if len(self.errors) < DETAILS:
                    self.errors.append(entry(problem, source.uri, number, offset))
            if self.bad > max(self.options.bad, DETAILS):
                break
            offset += len(line) + 1

    def row(self, line):
        try:
            members = json.loads(line.decode(), object_pairs_hook=single)
        except ValueError as error:
            raise Problem(f'JSON parsing error in row: {error}') from error
        if not isinstance(members, dict):
            raise Problem('JSON parsing error in row: not an object')
        members = {name.lower(): value for name, value in members.items()}
        row = [self.value(field, kind, members.pop(field['name'].lower(), None))
               for field, kind in zip(self.fields, self.kinds)]
        if members and not self.options.extra:
            raise Problem(f'No such field: {next(iter(members))}.')
        return row

    def value(self, field, kind, value):
        if value is None:
            if field.get('mode', '').upper() == 'REQUIRED':
                raise Problem(f'Missing required field: {field["name"]}.')
            return None
        try:
            return convert(kind, value)
        except ValueError as error:
            raise Problem(f'Could not convert value; Field: {field["name"]};'
                          f' Value: {json.dumps(value)}') from error


def single(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError('a member stands twice')
    return members


def convert(kind, value):
    """What a value of JSON is in a column of the type, or ValueError"""
    if kind == 'JSON':
        return json.dumps(value, separators=(',', ':'), ensure_ascii=False)
    if isinstance(value, bool):
        if kind != 'BOOL':
            raise ValueError(value)
        return int(value)
    if isinstance(value, (int, float)):
        if kind not in ('INT64', 'FLOAT64') or kind == 'INT64' and (
                not isinstance(value, int) or abs(value) > 1 << 53):
            raise ValueError(value)
        return bqvalues.from_float(float(value)) if kind == 'FLOAT64' else value
    if not isinstance(value, str) or not isinstance(kind, str):
        raise ValueError(value)
    return bqvalues.read(kind, value)
