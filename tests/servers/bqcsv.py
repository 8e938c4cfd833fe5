# SPDX-License-Identifier: ISC
"""bqcsv - reads CSV as BigQuery's load jobs do, and refuses what they refuse

Where it is not known what BigQuery makes of something, it is an error here, or
the reading that spares a client less: quotes do not tell an empty string from
an empty cell; an empty line is an error, as is a quote within a bare field.
"""
import zlib

import bqvalues

DETAILS = 5  # errors that are told one by one


class Problem(Exception):
    """What is wrong with a row; more: further members of its entry in errors[]"""


class Options:
    """The options of a load that tell how CSV is read, with their defaults"""

    def __init__(self, load):
        self.delimiter = {'\\t': '\t', 'tab': '\t'}.get(load.get('fieldDelimiter', ','),
                                                       load.get('fieldDelimiter', ','))
        self.quote = load.get('quote', '"')
        self.newlines = load.get('allowQuotedNewlines', False)
        self.skip = load.get('skipLeadingRows', 0)
        self.jagged = load.get('allowJaggedRows', False)
        self.control = load.get('preserveAsciiControlCharacters', False)
        self.extra = load.get('ignoreUnknownValues', False)
        self.encoding = load.get('encoding', 'UTF-8')
        self.nulls = set(load.get('nullMarkers', [load.get('nullMarker', '')]))
        self.by_name = load.get('sourceColumnMatch') == 'NAME'
        self.bad = load.get('maxBadRecords', 0)


class Source:
    """A file: its data and, if it is an object, its URI"""

    def __init__(self, data, uri=None):
        self.uri, self.size = uri, len(data)
        self.data = zlib.decompress(data, 31) if data[:2] == b'\x1f\x8b' else bytes(data)


def records(text, options):
    """(line, offset, list of fields or Problem) of each record"""
    position, line, end = 0, 1, len(text)
    while position < end:
        start, first = position, line
        try:
            fields, position = record(text, position, options)
        except Problem as problem:
            fields = problem
            position = end_of_line(text, start)
        yield first, start, fields
        line += text.count('\n', start, position)


def end_of_line(text, position):
    found = text.find('\n', position)
    return len(text) if found < 0 else found + 1


def record(text, position, options):
    """The fields of the record there, and where the next one begins"""
    fields, end = [], len(text)
    while True:
        if options.quote and text.startswith(options.quote, position):
            value, position = quoted(text, position, options)
        else:
            start = position
            while position < end and text[position] not in (options.delimiter, '\r', '\n'):
                if text[position] == options.quote:
                    raise Problem('Unexpected quote in an unquoted field')
                position += 1
            value = text[start:position]
        fields.append(value)
        if position < end and text[position] == options.delimiter:
            position += 1
            continue
        if text.startswith('\r\n', position):
            return fields, position + 2
        return fields, position + 1


def quoted(text, position, options):
    quote, pieces = options.quote, []
    position += 1
    while True:
        found = text.find(quote, position)
        if found < 0:
            raise Problem('Missing close quote character (").')
        pieces.append(text[position:found])
        position = found + 1
        if not text.startswith(quote, position):
            break
        pieces.append(quote)
        position += 1
    value = ''.join(pieces)
    if not options.newlines and ('\n' in value or '\r' in value):
        raise Problem('Missing close quote character (").')
    if position < len(text) and text[position] not in (options.delimiter, '\r', '\n'):
        raise Problem('Data between close quote character (") and field separator.')
    return value, position


class Reader:
    """Rows of files for the fields of a schema; errors: entries of the API"""

    def __init__(self, options, fields):
        self.options, self.fields = options, fields
        self.kinds = [bqvalues.field_type(field) for field in fields]
        self.rows, self.errors, self.bad = [], [], 0

    def read(self, source):
        text = source.data.decode(self.options.encoding.lower(), errors='replace')
        order = None
        for number, (line, offset, fields) in enumerate(records(text, self.options)):
            if number < self.options.skip:
                if number == self.options.skip - 1 and self.options.by_name:
                    order = self.match(fields)
                continue
            try:
                self.rows.append(self.row(fields, order))
            except Problem as problem:
                self.bad += 1
                if len(self.errors) < DETAILS:
                    offset = len(text[:offset].encode())
                    self.errors.append(entry(problem, source.uri, line, offset))
            if self.bad > max(self.options.bad, DETAILS):
                break

    def match(self, header):
        """Where each field's column stands in the file, or None"""
        names = [name.lower() for name in header]
        return [names.index(field['name'].lower()) if field['name'].lower() in names else None
                for field in self.fields]

    def row(self, fields, order):
        if isinstance(fields, Problem):
            raise fields
        if fields == ['']:
            raise Problem('Empty line')
        if order is not None:
            fields = [None if place is None else fields[place] for place in order]
        want = len(self.fields)
        if len(fields) > want:
            if not self.options.extra:
                raise Problem(f'Too many values in row. Found {len(fields)} column(s) while'
                              f' expected {want}.')
            fields = fields[:want]
        if len(fields) < want:
            if not self.options.jagged:
                raise Problem(f'CSV table references column position {len(fields)}, but line'
                              f' contains only {len(fields)} columns.')
            fields = fields + [None] * (want - len(fields))
        return [self.value(index, text) for index, text in enumerate(fields)]

    def value(self, index, text):
        field, kind = self.fields[index], self.kinds[index]
        if text is None or text in self.options.nulls:
            if field.get('mode', '').upper() == 'REQUIRED':
                raise Problem(f"Required column value for column index: {index} is missing;"
                              f' column_name: "{field["name"]}"')
            return None
        if not self.options.control:
            bad = next((char for char in text if char < ' ' and char not in '\t\r\n'), None)
            if bad is not None:
                raise Problem(f'Bad character (ASCII {ord(bad)}) encountered.')
        try:
            if not isinstance(kind, str):
                raise ValueError(kind)
            return bqvalues.read(kind, text)
        except ValueError as error:
            raise Problem('Unable to parse', {'column_index': index, 'column_name': field['name'],
                                               'column_type': kind, 'value': text}) from error


def entry(problem, uri, line, offset):
    text, *more = problem.args
    text += f'; line_number: {line} byte_offset_to_start_of_line: {offset}'
    if more:
        of = more[0]
        text += (f' column_index: {of["column_index"]} column_name: "{of["column_name"]}"'
                 f' column_type: {of["column_type"]} value: "{of["value"]}"')
    error = {'reason': 'invalid', 'message': f'Error while reading data, error message: {text}'}
    if uri:
        error['message'] += f' File: {uri}'
        error['location'] = uri
    return error
