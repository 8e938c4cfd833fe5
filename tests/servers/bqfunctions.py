# SPDX-License-Identifier: ISC
"""bqfunctions - what SQLite does not have, or has otherwise"""
import hashlib
import json
import math
import sqlite3
import uuid
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal

import bqvalues
from bqtables import JobError
from bqvalues import EXACT, decimal_text

UNITS = {'MICROSECOND': 1, 'MILLISECOND': 1000, 'SECOND': 10**6, 'MINUTE': 60 * 10**6,
         'HOUR': 3600 * 10**6, 'DAY': 86400 * 10**6}
ROUNDINGS = {'ROUND': ROUND_HALF_UP, 'FLOOR': ROUND_FLOOR, 'CEIL': ROUND_CEILING,
             'TRUNC': ROUND_DOWN}
BAD = {'INT64': 'Bad int64 value: {}', 'FLOAT64': 'Bad double value: {}',
       'BOOL': 'Bad bool value: {}', 'TIMESTAMP': 'Invalid timestamp: \'{}\'',
       'DATE': 'Invalid date: \'{}\'', 'NUMERIC': 'Invalid NUMERIC value: {}'}


def error(message):
    return JobError('invalidQuery', message)


def fingerprint(text):
    """Sixty-four bits, which are others than FarmHash makes"""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], 'big', signed=True)


def json_text(packed, kinds):
    """A STRUCT as JSON, near enough to how BigQuery writes it to tell two apart"""
    values = json.loads(packed)
    return json.dumps({name: value if kind in ('INT64', 'FLOAT64', 'BOOL') or value is None
                       else str(value) for (name, kind), value in zip(json.loads(kinds), values)})


def strict(call):
    """NULL of NULL"""
    return lambda *args: None if None in args else call(*args)


def number(value):
    return float('nan') if value == 'NaN' else value


# --- arithmetic


def decimal_operation(sign, a, b, kind):
    a, b = EXACT.create_decimal(a), EXACT.create_decimal(b)
    if sign == '/' and not b:
        raise error('division by zero')
    result = {'+': EXACT.add, '-': EXACT.subtract, '*': EXACT.multiply, '/': EXACT.divide}[sign](
        a, b)
    return bounded(result, kind)


def bounded(value, kind):
    try:
        return decimal_text(value, kind)
    except ValueError as problem:
        raise error(f'{kind} overflow') from problem


def decimal_compare(a, b):
    a, b = Decimal(a), Decimal(b)
    return (a > b) - (a < b)


def divide(a, b):
    a, b = number(a), number(b)
    if b == 0:
        raise error('division by zero')
    return bqvalues.from_float(a / b)


def integer_divide(a, b, wanted):
    if b == 0:
        raise error(f'division by zero: {a} {wanted} 0')
    quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
    return quotient if wanted == 'DIV' else a - b * quotient


def rounded(value, digits, how, kind):
    if kind in bqvalues.DIGITS:
        return bounded(Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUNDINGS[how],
                                               context=EXACT), kind)
    value = number(value)
    if not math.isfinite(value):
        return bqvalues.from_float(value)
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUNDINGS[how],
                                               context=EXACT))


def math_function(name, call):
    def guarded(*args):
        try:
            return bqvalues.from_float(call(*map(number, args)))
        except (ValueError, OverflowError) as problem:
            raise error(f'Floating point error in function: {name}') from problem
    return strict(guarded)


# --- conversions


def cast(value, was, kind, safe):
    if value is None:
        return None
    try:
        return convert(value, was, kind)
    except (ValueError, OverflowError) as problem:
        if safe:
            return None
        raise error(BAD.get(kind, 'Could not cast to type ' + kind + ': {}').format(
            value)) from problem


def convert(value, was, kind):
    if was == kind:
        return value
    if was == 'STRING':
        if kind == 'BYTES':
            return value.encode()
        return bqvalues.read(kind, value.strip())
    if kind == 'STRING':
        return text_of(value, was)
    if kind in bqvalues.DIGITS:
        return decimal_text(Decimal(repr(value) if isinstance(value, float) else value), kind)
    if kind == 'FLOAT64':
        return float(value)
    if kind == 'INT64':
        if value == 'NaN' or isinstance(value, float) and math.isinf(value):
            raise ValueError(value)
        whole = int(Decimal(value).to_integral_value(ROUND_HALF_UP))
        return bqvalues.whole(str(whole))
    if kind == 'BOOL':
        return int(value != 0)
    return convert_time(value, was, kind)


def convert_time(value, was, kind):
    if was == 'TIMESTAMP':
        text = civil(bqvalues.instant(value))
    else:
        text = value if was == 'DATETIME' else value + 'T00:00:00.000000'
    if kind == 'TIMESTAMP':
        return bqvalues.moment(text)
    return {'DATE': text[:10], 'TIME': text[11:], 'DATETIME': text}[kind]


def civil(then):
    return then.replace(tzinfo=None).isoformat(timespec='microseconds')


def text_of(value, was):
    if was == 'TIMESTAMP':
        return bqvalues.timestamp_text(value)
    if was == 'BYTES':
        return value.decode()
    if was == 'FLOAT64':
        text = bqvalues.float_text(value).lower().replace('infinity', 'inf').replace('nan', 'NaN')
        return text[:-2] if text.endswith('.0') else text
    if was == 'BOOL':
        return 'true' if value else 'false'
    if was == 'DATETIME':
        return bqvalues.short_time(value).replace('T', ' ')
    return bqvalues.short_time(str(value)) if was == 'TIME' else str(value)


# --- time


def truncate(value, part, kind):
    if kind == 'DATE':
        return truncate(bqvalues.moment(value) if isinstance(value, str) else value, part,
                        'TIMESTAMP-DATE')
    then = bqvalues.instant(value)
    if part == 'WEEK':
        then -= timedelta(days=(then.weekday() + 1) % 7)
        part = 'DAY'
    if part == 'ISOWEEK':
        then -= timedelta(days=then.weekday())
        part = 'DAY'
    if part == 'QUARTER':
        then = then.replace(month=(then.month - 1) // 3 * 3 + 1)
        part = 'MONTH'
    zeros = {'YEAR': 0, 'MONTH': 1, 'DAY': 2, 'HOUR': 3, 'MINUTE': 4, 'SECOND': 5,
             'MILLISECOND': 6, 'MICROSECOND': 7}[part]
    if part == 'MILLISECOND':
        then = then.replace(microsecond=then.microsecond // 1000 * 1000)
    elif part != 'MICROSECOND':
        rest = dict(list({'month': 1, 'day': 1, 'hour': 0, 'minute': 0, 'second': 0,
                          'microsecond': 0}.items())[zeros:])
        then = then.replace(**rest)
    return then.date().isoformat() if kind == 'TIMESTAMP-DATE' else bqvalues.micros(then)


def add_time(value, count, part):
    if part not in UNITS:
        raise error(f'TIMESTAMP_ADD does not support the {part} date part')
    return value + count * UNITS[part]


def add_date(value, count, part):
    then = date.fromisoformat(value)
    if part in ('DAY', 'WEEK'):
        return (then + timedelta(days=count * (7 if part == 'WEEK' else 1))).isoformat()
    months = then.year * 12 + then.month - 1 + count * {'MONTH': 1, 'QUARTER': 3, 'YEAR': 12}[part]
    year, month = divmod(months, 12)
    for last in 31, 30, 29, 28:
        try:
            return date(year, month + 1, min(then.day, last)).isoformat()
        except ValueError:
            continue
    raise error('Date out of range')


def time_difference(a, b, part):
    return integer_divide(a - b, UNITS[part], 'DIV')


def date_difference(a, b, part):
    if part == 'DAY':
        return (date.fromisoformat(a) - date.fromisoformat(b)).days
    a, b = date.fromisoformat(a), date.fromisoformat(b)
    if part == 'YEAR':
        return a.year - b.year
    return (a.year - b.year) * 12 + a.month - b.month


def extract(part, value, kind):
    if kind == 'TIMESTAMP':
        then = bqvalues.instant(value)
    elif kind == 'TIME':
        then = datetime.fromisoformat('1970-01-01T' + value)
    else:
        then = datetime.fromisoformat(value)
    if part == 'DATE':
        return then.date().isoformat()
    simple = {'YEAR': 'year', 'MONTH': 'month', 'DAY': 'day', 'HOUR': 'hour', 'MINUTE': 'minute',
              'SECOND': 'second', 'MICROSECOND': 'microsecond'}
    if part in simple:
        return getattr(then, simple[part])
    return {'DAYOFWEEK': then.isoweekday() % 7 + 1, 'DAYOFYEAR': then.timetuple().tm_yday,
            'QUARTER': (then.month + 2) // 3, 'MILLISECOND': then.microsecond // 1000,
            'ISOWEEK': then.isocalendar()[1], 'ISOYEAR': then.isocalendar()[0],
            'WEEK': int(then.strftime('%U'))}[part]


def format_time(pattern, value, kind):
    then = (bqvalues.instant(value) if kind == 'TIMESTAMP' else datetime.fromisoformat(value))
    pattern = pattern.replace('%E6S', f'{then:%S}.{then:%f}').replace('%E3S', f'{then:%S}.' +
                                                                      f'{then:%f}'[:3])
    return then.strftime(pattern.replace('%F', '%Y-%m-%d').replace('%T', '%H:%M:%S'))


# --- text and lists


def substring(text, start, length=None):
    if length is not None and length < 0:
        raise error('Third argument in SUBSTR() cannot be negative')
    start = max(len(text) + start, 0) if start < 0 else max(start - 1, 0)
    return text[start:] if length is None else text[start:start + length]


def generate_array(first, last, step=1):
    if step == 0:
        raise error('Sequence step cannot be 0.')
    return json.dumps(list(range(first, last + (1 if step > 0 else -1), step)))


def fail(message):
    raise error(message)


# --- aggregates


class DecimalSum:
    kind = 'NUMERIC'

    def __init__(self):
        self.total, self.count = Decimal(0), 0

    def step(self, value):
        if value is not None:
            self.total = EXACT.add(self.total, Decimal(value))
            self.count += 1

    def inverse(self, value):
        if value is not None:
            self.total = EXACT.subtract(self.total, Decimal(value))
            self.count -= 1

    def value(self):
        return bounded(self.total, self.kind) if self.count else None

    finalize = value


class BigDecimalSum(DecimalSum):
    kind = 'BIGNUMERIC'


class DecimalAverage(DecimalSum):
    def value(self):
        return bounded(EXACT.divide(self.total, Decimal(self.count)), self.kind) if (
            self.count) else None

    finalize = value


class Moments:
    """Of pairs, or of single values: what CORR and its kin need"""
    what = 'CORR'

    def __init__(self):
        self.pairs = []

    def step(self, *pair):
        if None not in pair:
            self.pairs.append(tuple(map(float, pair)))

    def finalize(self):
        count = len(self.pairs)
        sample = self.what.endswith('_SAMP')
        if count <= sample:
            return None
        columns = list(zip(*self.pairs))
        means = [math.fsum(column) / count for column in columns]
        cross = math.fsum((pair[0] - means[0]) * (pair[-1] - means[-1]) for pair in self.pairs)
        if self.what == 'CORR':
            spreads = [math.fsum((x - mean) ** 2 for x in column)
                       for column, mean in zip(columns, means)]
            return bqvalues.from_float(cross / math.sqrt(spreads[0] * spreads[1])) if (
                all(spreads)) else 'NaN'
        result = cross / (count - sample)
        return math.sqrt(result) if self.what.startswith('STDDEV') else result


def functions(catalog):
    """Registers them all"""
    db, add = catalog.db, catalog.function
    db.execute('PRAGMA case_sensitive_like = ON')
    for name, count, call in (
            ('bq_decimal', 4, strict(decimal_operation)),
            ('bq_compare', 2, strict(decimal_compare)), ('bq_divide', 2, strict(divide)),
            ('bq_whole', 3, strict(integer_divide)), ('bq_round', 4, strict(rounded)),
            ('bq_truncate', 3, strict(truncate)), ('bq_add_time', 3, strict(add_time)),
            ('bq_add_date', 3, strict(add_date)), ('bq_time_diff', 3, strict(time_difference)),
            ('bq_date_diff', 3, strict(date_difference)), ('bq_extract', 3, strict(extract)),
            ('bq_format', 3, strict(format_time)), ('bq_substr', -1, strict(substring)),
            ('bq_array', -1, strict(generate_array)), ('bq_cast', 4, cast), ('bq_error', 1, fail),
            ('bq_fingerprint', 1, strict(fingerprint)),
            ('bq_json_text', 2, json_text),
            ('bq_uuid', 0, lambda: str(uuid.uuid4())),
            ('bq_sha256', 1, strict(lambda data: hashlib.sha256(
                data.encode() if isinstance(data, str) else data).digest())),
            ('bq_md5', 1, strict(lambda data: hashlib.md5(
                data.encode() if isinstance(data, str) else data).digest()))):
        add(name, count, call)
    for name, count, call in (
            ('SQRT', 1, math.sqrt), ('EXP', 1, math.exp), ('LN', 1, math.log),
            ('LOG', -1, math.log), ('LOG10', 1, math.log10), ('POW', 2, math.pow)):
        add('bq_' + name.lower(), count, math_function(name, call))
    for name, kind in ('bq_sum', DecimalSum), ('bq_bigsum', BigDecimalSum), (
            'bq_average', DecimalAverage):
        if hasattr(db, 'create_window_function'):
            db.create_window_function(name, 1, kind)
        else:
            db.create_aggregate(name, 1, kind)
    for name, count in (('CORR', 2), ('COVAR_POP', 2), ('COVAR_SAMP', 2), ('VAR_POP', 1),
                        ('VAR_SAMP', 1), ('STDDEV_POP', 1), ('STDDEV_SAMP', 1)):
        db.create_aggregate('bq_' + name.lower(), count,
                            type(name, (Moments,), {'what': name}))
    assert sqlite3.sqlite_version_info >= (3, 35)
