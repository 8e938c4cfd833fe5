# SPDX-License-Identifier: ISC
"""bqvalues - BigQuery's types, and their values in CSV, in JSON and in SQLite

A type is its name in GoogleSQL, or ('ARRAY', type), or ('STRUCT', ((name, type), ...)).

In SQLite a value is kept so that SQLite compares it rightly: INT64 as it is, as
TIMESTAMP in microseconds and BOOL as 0 or 1; FLOAT64 as it is, but NaN as text;
STRING, JSON, DATE, TIME and DATETIME as text of one form; BYTES as a blob;
NUMERIC and BIGNUMERIC as text without needless digits, compared by a collation;
ARRAY and STRUCT as JSON text of what they hold.
"""
import base64
import json
import math
import re
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

# names of the API and their synonyms -> names of GoogleSQL
NAMES = {'INTEGER': 'INT64', 'FLOAT': 'FLOAT64', 'BOOLEAN': 'BOOL', 'RECORD': 'STRUCT',
         'DECIMAL': 'NUMERIC', 'BIGDECIMAL': 'BIGNUMERIC', 'INT': 'INT64', 'SMALLINT': 'INT64',
         'BIGINT': 'INT64', 'TINYINT': 'INT64', 'BYTEINT': 'INT64'}
API_NAMES = {'INT64': 'INTEGER', 'FLOAT64': 'FLOAT', 'BOOL': 'BOOLEAN', 'STRUCT': 'RECORD'}
TYPES = {'STRING', 'BYTES', 'INT64', 'FLOAT64', 'BOOL', 'TIMESTAMP', 'DATE', 'TIME', 'DATETIME',
         'NUMERIC', 'BIGNUMERIC', 'JSON', 'STRUCT'}
DECIMALS = 'NUMERIC', 'BIGNUMERIC'
DIGITS = {'NUMERIC': (29, 9), 'BIGNUMERIC': (39, 38)}  # before the point and behind it
WIDTH = {'INT64': 8, 'FLOAT64': 8, 'BOOL': 1, 'TIMESTAMP': 8, 'DATE': 8, 'TIME': 8, 'DATETIME': 8,
         'NUMERIC': 16, 'BIGNUMERIC': 32}
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
EXACT = Context(prec=120)
TIME = r'(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{0,6}))?'
DATE = r'(\d{4})-(\d{1,2})-(\d{1,2})'
ZONE = r'(?:( ?UTC)|([Zz])| ?([+-])(\d{1,2})(?::?(\d{2}))?)'


def normal(name):
    """The name of a type in GoogleSQL"""
    name = name.upper()
    return NAMES.get(name, name)


def whole(text):
    if not re.fullmatch('[+-]?[0-9]+', text) or not -2**63 <= int(text) < 2**63:
        raise ValueError(text)
    return int(text)


def real(text):
    if not re.fullmatch(r'[+-]?((\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|inf(inity)?|nan)', text, re.I):
        raise ValueError(text)
    return from_float(float(text))


def from_float(value):
    return 'NaN' if math.isnan(value) else value


def truth(text):
    known = {'true': 1, 't': 1, 'yes': 1, 'y': 1, '1': 1,
             'false': 0, 'f': 0, 'no': 0, 'n': 0, '0': 0}
    if text.lower() not in known:
        raise ValueError(text)
    return known[text.lower()]


def decimal_text(value, kind, strict=False):
    """The text of a Decimal, rounded to the type's scale, or ValueError"""
    before, behind = DIGITS[kind]
    if not value.is_finite():
        raise ValueError(value)
    rounded = value.quantize(Decimal(1).scaleb(-behind), ROUND_HALF_UP, context=EXACT)
    if strict and rounded != value or abs(rounded) >= Decimal(10) ** before:
        raise ValueError(value)
    text = f'{rounded:f}'.rstrip('0').rstrip('.')
    return '0' if text in ('-0', '') else text


def exact(text, kind):
    if not re.fullmatch(r'[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?', text):
        raise ValueError(text)
    try:
        return decimal_text(EXACT.create_decimal(text), kind, strict=True)
    except InvalidOperation as error:
        raise ValueError(text) from error


def day(text):
    found = re.fullmatch(DATE, text)
    if not found:
        raise ValueError(text)
    return date(*map(int, found.groups())).isoformat()


def time_of_day(hour, minute, second, fraction):
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        raise ValueError(hour)
    return f'{int(hour):02}:{int(minute):02}:{int(second):02}.{(fraction or "").ljust(6, "0")}'


def clock(text):
    found = re.fullmatch(TIME, text)
    if not found:
        raise ValueError(text)
    return time_of_day(*found.groups())


def civil(text):
    found = re.fullmatch(f'{DATE}(?:[ Tt]{TIME})?', text)
    if not found:
        raise ValueError(text)
    parts = found.groups()
    return f"{day('-'.join(parts[:3]))}T{time_of_day(*(part or '0' for part in parts[3:]))}"


def moment(text):
    """Microseconds of a timestamp; UTC where it has no zone"""
    found = re.fullmatch(f'({DATE}(?:[ Tt]{TIME})?){ZONE}?', text)
    if not found:
        raise ValueError(text)
    sign, hours, minutes = found.groups()[-3:]
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if offset > timedelta(hours=14):
        raise ValueError(text)
    there = datetime.fromisoformat(civil(found[1])).replace(tzinfo=timezone.utc)
    return micros(there + (offset if sign == '-' else -offset))


def micros(instant):
    return (instant - EPOCH) // timedelta(microseconds=1)


def instant(count):
    return EPOCH + timedelta(microseconds=count)


def blob(text):
    return base64.b64decode(text, validate=True)


def json_text(text):
    json.loads(text)
    return text


READERS = {'STRING': str, 'BYTES': blob, 'INT64': whole, 'FLOAT64': real, 'BOOL': truth,
           'TIMESTAMP': moment, 'DATE': day, 'TIME': clock, 'DATETIME': civil, 'JSON': json_text,
           'NUMERIC': lambda text: exact(text, 'NUMERIC'),
           'BIGNUMERIC': lambda text: exact(text, 'BIGNUMERIC')}


def read(kind, text):
    """The value of a text in CSV or of a parameter; ValueError if it is none"""
    try:
        return READERS[kind](text)
    except OverflowError as error:
        raise ValueError(text) from error


# --- as the API has them


def float_text(value):
    if value == 'NaN':
        return 'NaN'
    if math.isinf(value):
        return 'Infinity' if value > 0 else '-Infinity'
    return repr(float(value))


def short_time(text):
    """Without a fraction of zero"""
    return text[:-7] if text.endswith('.000000') else text


def timestamp_cell(count, form):
    if form == 'INT64':
        return str(count)
    if form == 'ISO8601_STRING':
        return timestamp_text(count, 'T', 'Z')
    return ('%.15E' % (count / 1000000)).replace('E+0', 'E').replace('E+', 'E').replace('E-0', 'E-')


def timestamp_text(count, between=' ', zone='+00'):
    then = instant(count)
    text = f'{then:%Y-%m-%d}{between}{then:%H:%M:%S}'.rjust(19, '0')
    return text + (f'.{then:%f}' if then.microsecond else '') + zone


def cell(kind, value, form='FLOAT64'):
    """The v of a value in a row; form: of timestamps"""
    if kind[0] == 'ARRAY':
        return [{'v': cell(kind[1], item, form)} for item in unpack(kind, value)]
    if value is None:
        return None
    if kind[0] == 'STRUCT':
        return {'f': [{'v': cell(inner, item, form)}
                      for (_, inner), item in zip(kind[1], unpack(kind, value))]}
    if kind == 'BOOL':
        return 'true' if value else 'false'
    if kind == 'FLOAT64':
        return float_text(value)
    if kind == 'TIMESTAMP':
        return timestamp_cell(value, form)
    if kind == 'BYTES':
        return base64.b64encode(value).decode()
    if kind in ('TIME', 'DATETIME'):
        return short_time(value)
    return str(value)


def pack(kind, value):
    """A value in JSON of an array or struct"""
    return {'hex': value.hex()} if isinstance(value, bytes) else value


def unpack(kind, text):
    values = [] if text is None else json.loads(text)
    kinds = [kind[1]] * len(values) if kind[0] == 'ARRAY' else [inner for _, inner in kind[1]]
    return [bytes.fromhex(value['hex']) if isinstance(value, dict)
            else json.dumps(value) if isinstance(value, list) else value
            for value, _ in zip(values, kinds)]


def size(kind, value):
    """The bytes that a value is billed for"""
    if value is None:
        return 0
    if kind in WIDTH:
        return WIDTH[kind]
    if isinstance(value, bytes):
        return 2 + len(value)
    return 2 + len(str(value).encode(errors='replace'))


def field(name, kind, mode='NULLABLE'):
    """A field of the API's schema"""
    if kind[0] == 'ARRAY':
        return field(name, kind[1], 'REPEATED')
    if kind[0] == 'STRUCT':
        return {'name': name, 'type': 'RECORD', 'mode': mode,
                'fields': [field(*member) for member in kind[1]]}
    return {'name': name, 'type': API_NAMES.get(kind, kind), 'mode': mode}


def field_type(given):
    """The type of a field of the API's schema"""
    kind = normal(given['type'])
    if kind == 'STRUCT':
        kind = 'STRUCT', tuple((inner['name'], field_type(inner)) for inner in given['fields'])
    return ('ARRAY', kind) if given.get('mode', '').upper() == 'REPEATED' else kind
