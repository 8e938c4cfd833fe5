# SPDX-License-Identifier: ISC
"""
bqexpr - expressions and queries of GoogleSQL, made SQLite's in one pass

What has a type in GoogleSQL has it here, and what it refuses for its types, its
names or its grouping is refused. What this knows not is refused too.
"""
import json

import bqvalues
from bqfunctions import UNITS
from bqlex import invalid, tokens
from bqtables import quote

RESERVED = set('''ALL AND ANY ARRAY AS ASC AT BETWEEN BY CASE CAST COLLATE CREATE CROSS CUBE
    CURRENT DEFAULT DEFINE DESC DISTINCT ELSE END ENUM ESCAPE EXCEPT EXCLUDE EXISTS EXTRACT FALSE
    FETCH FOLLOWING FOR FROM FULL GROUP GROUPING GROUPS HASH HAVING IF IGNORE IN INNER INTERSECT
    INTERVAL INTO IS JOIN LATERAL LEFT LIKE LIMIT LOOKUP MERGE NATURAL NEW NO NOT NULL NULLS OF ON
    OR ORDER OUTER OVER PARTITION PRECEDING PROTO QUALIFY RANGE RECURSIVE RESPECT RIGHT ROLLUP ROWS
    SELECT SET SOME STRUCT TABLESAMPLE THEN TO TREAT TRUE UNBOUNDED UNION UNNEST USING WHEN WHERE
    WINDOW WITH WITHIN'''.split())
DECIMALS = bqvalues.DECIMALS
NUMBERS = ('INT64', 'FLOAT64', *DECIMALS)
TIMES = 'DATE', 'TIME', 'DATETIME', 'TIMESTAMP'
PARTS = (*UNITS, 'WEEK', 'ISOWEEK', 'MONTH', 'QUARTER', 'YEAR', 'ISOYEAR', 'DAYOFWEEK',
         'DAYOFYEAR', 'DATE')
SIGNS = {'=': '=', '!=': '<>', '<>': '<>', '<': '<', '<=': '<=', '>': '>', '>=': '>='}
# function -> (types of its arguments, the last ones optional behind None; type; SQLite's)
PLAIN = {
    'LENGTH': (('STRING',), 'INT64', 'LENGTH({})'), 'LOWER': (('STRING',), 'STRING', 'LOWER({})'),
    'UPPER': (('STRING',), 'STRING', 'UPPER({})'), 'TRIM': (('STRING',), 'STRING', 'TRIM({})'),
    'SUBSTR': (('STRING', 'INT64', None, 'INT64'), 'STRING', 'bq_substr({})'),
    'STARTS_WITH': (('STRING', 'STRING'), 'BOOL', '(SUBSTR({0}, 1, LENGTH({1})) = {1})'),
    'STRPOS': (('STRING', 'STRING'), 'INT64', 'INSTR({})'),
    'REPLACE': (('STRING', 'STRING', 'STRING'), 'STRING', 'REPLACE({})'),
    'TO_HEX': (('BYTES',), 'STRING', 'LOWER(HEX({}))'),
    'SQRT': (('FLOAT64',), 'FLOAT64', 'bq_sqrt({})'),
    'EXP': (('FLOAT64',), 'FLOAT64', 'bq_exp({})'), 'LN': (('FLOAT64',), 'FLOAT64', 'bq_ln({})'),
    'LOG': (('FLOAT64', None, 'FLOAT64'), 'FLOAT64', 'bq_log({})'),
    'LOG10': (('FLOAT64',), 'FLOAT64', 'bq_log10({})'),
    'POW': (('FLOAT64', 'FLOAT64'), 'FLOAT64', 'bq_pow({})'),
    'DIV': (('INT64', 'INT64'), 'INT64', "bq_whole({}, 'DIV')"),
    'MOD': (('INT64', 'INT64'), 'INT64', "bq_whole({}, 'MOD')"),
    'SAFE_DIVIDE': (('FLOAT64', 'FLOAT64'), 'FLOAT64',
                    'CASE WHEN {1} <> 0 THEN bq_divide({0}, {1}) END'),
    'TIMESTAMP_MICROS': (('INT64',), 'TIMESTAMP', '{}'),
    'TIMESTAMP_MILLIS': (('INT64',), 'TIMESTAMP', '({} * 1000)'),
    'TIMESTAMP_SECONDS': (('INT64',), 'TIMESTAMP', '({} * 1000000)'),
    'UNIX_MICROS': (('TIMESTAMP',), 'INT64', '{}'),
    'UNIX_MILLIS': (('TIMESTAMP',), 'INT64',
                    "bq_whole({0} - bq_whole({0} % 1000 + 1000, 1000, 'MOD'), 1000, 'DIV')"),
    'UNIX_SECONDS': (('TIMESTAMP',), 'INT64', 'CAST(FLOOR({} / 1000000.0) AS INTEGER)'),
    'GENERATE_UUID': ((), 'STRING', 'bq_uuid()'),
    'FARM_FINGERPRINT': (('STRING',), 'INT64', 'bq_fingerprint({})'),
    'ERROR': (('STRING',), 'INT64', 'bq_error({})'),
    'GENERATE_ARRAY': (('INT64', 'INT64', None, 'INT64'), ('ARRAY', 'INT64'), 'bq_array({})'),
}
SYNONYMS = {'POWER': 'POW', 'CEILING': 'CEIL', 'SUBSTRING': 'SUBSTR', 'STDDEV': 'STDDEV_SAMP',
            'VARIANCE': 'VAR_SAMP', 'CHAR_LENGTH': 'LENGTH', 'CHARACTER_LENGTH': 'LENGTH'}
MOMENTS = {'CORR': 2, 'COVAR_POP': 2, 'COVAR_SAMP': 2, 'VAR_POP': 1, 'VAR_SAMP': 1,
           'STDDEV_POP': 1, 'STDDEV_SAMP': 1}
AGGREGATES = {'COUNT', 'COUNTIF', 'SUM', 'AVG', 'MIN', 'MAX', 'ANY_VALUE', 'STRING_AGG',
              'ARRAY_AGG', 'LOGICAL_OR', 'LOGICAL_AND', 'APPROX_COUNT_DISTINCT', *MOMENTS}
RANKS = {'ROW_NUMBER', 'RANK', 'DENSE_RANK'}
NEIGHBOURS = {'LAG', 'LEAD', 'FIRST_VALUE', 'LAST_VALUE'}


class Expr:
    """
    sql, kind (None: of a NULL without a type); literal: its text, where a
    literal or parameter may take another type; free: columns that stand
    outside of an aggregate; aggregate, window: it has one
    """

    def __init__(self, sql, kind, parts=(), literal=None, aggregate=False, window=False):
        self.sql, self.kind, self.literal = sql, kind, literal
        self.free = set().union(*(part.free for part in parts))
        self.aggregate = aggregate or any(part.aggregate for part in parts)
        self.window = window or any(part.window for part in parts)


class Source:
    """Something in FROM: its name, and its columns by name as (name, kind, sql)"""

    def __init__(self, name, columns, table=None, sql=None):
        self.name, self.columns, self.table, self.sql = name, columns, table, sql


class Scope:
    def __init__(self, outer=None):
        self.outer, self.sources, self.aliases, self.windows = outer, [], {}, {}
        self.merged = {}  # of USING: name -> Expr


class Query:
    """sql, whose columns are c1, c2, ...; columns: (name, kind) of each"""

    def __init__(self, sql, columns):
        self.sql, self.columns = sql, columns


def sql_text(text):
    return "'" + text.replace("'", "''") + "'" if '\0' not in text else (
        f"CAST(X'{text.encode().hex()}' AS TEXT)")


def sql_value(value):
    if value is None:
        return 'NULL'
    if isinstance(value, bytes):
        return f"X'{value.hex()}'"
    if isinstance(value, float):
        return repr(value).replace('inf', '9e999')
    return str(value) if isinstance(value, int) else sql_text(value)


def kind_text(kind):
    if isinstance(kind, tuple):
        inner = kind[1] if kind[0] == 'ARRAY' else None
        return f'ARRAY<{kind_text(inner)}>' if inner else 'STRUCT'
    return kind or 'NULL'


class Parser:
    """A cursor over tokens, and what the expressions there mean"""

    def __init__(self, text, parameters=None):
        self.tokens, self.at = tokens(text), 0
        self.parameters, self.variables = parameters or {}, {}
        self.scope, self.queries = None, []  # WITH: dictionaries of name -> Query
        self.count = 0
        self.reads = set()  # (table's key, column)

    # for Script to say

    def find_table(self, path, place):
        raise NotImplementedError

    # tokens

    @property
    def token(self):
        return self.tokens[self.at]

    def ahead(self, *words):
        return all(token.up == word for token, word in
                   zip(self.tokens[self.at:self.at + len(words)], words))

    def take(self, *words):
        if self.ahead(*words):
            self.at += len(words)
            return True
        return False

    def want(self, *words):
        if not self.take(*words):
            raise invalid(f"Syntax error: Expected {' '.join(words)} but got"
                          f' {self.shown()}', self.token.place)

    def shown(self):
        token = self.token
        if token.kind == 'end':
            return 'end of script'
        kind = {'word': 'keyword' if token.up in RESERVED else 'identifier', 'quoted': 'identifier',
                'number': 'number', 'string': 'string literal'}.get(token.kind)
        return f'{kind} {token.text}' if kind else f'"{token.text}"'

    def unexpected(self):
        return invalid(f'Syntax error: Unexpected {self.shown()}', self.token.place)

    def name(self):
        token = self.token
        if token.kind != 'quoted' and (token.kind != 'word' or token.up in RESERVED):
            raise self.unexpected()
        self.at += 1
        return token.text

    def listed(self, item):
        items = [item()]
        while self.take(','):
            items.append(item())
        return items

    def path(self):
        """The parts of a name with dots"""
        text = self.name()
        while self.token.up in ('.', '-'):
            sign = self.token.up
            if sign == '-' and (self.tokens[self.at + 1].kind not in ('word', 'number')):
                break
            self.at += 1
            if self.token.kind not in ('word', 'quoted', 'number'):
                raise self.unexpected()
            text += sign + self.token.text
            self.at += 1
        return text.split('.')

    def type(self):
        place = self.token.place
        word = self.token.up
        self.at += 1
        if word == 'ARRAY':
            self.want('<')
            inner = self.type()
            self.want('>')
            return 'ARRAY', inner
        if word == 'STRUCT':
            self.want('<')
            members = self.listed(lambda: (self.name(), self.type()))
            self.want('>')
            return 'STRUCT', tuple(members)
        kind = bqvalues.normal(word or '')
        if kind not in bqvalues.TYPES:
            raise invalid(f'Type not found: {word}', place)
        if self.take('('):
            self.listed(lambda: self.literal_number())
            self.want(')')
        return kind

    def literal_number(self):
        if self.token.kind != 'number' or not self.token.text.isdigit():
            raise self.unexpected()
        self.at += 1
        return int(self.tokens[self.at - 1].text)

    # types

    def coerced(self, expr, kind):
        """The expression as one of the type, or None"""
        if expr.kind == kind:
            return expr
        if expr.kind is None:
            return Expr(expr.sql, kind, [expr])
        if expr.literal is not None and (expr.kind == 'STRING' and kind in TIMES
                                         or expr.kind == 'FLOAT64' and kind in DECIMALS):
            try:
                return Expr(sql_value(bqvalues.read(kind, expr.literal)), kind)
            except ValueError as error:
                raise invalid(f'Could not cast literal "{expr.literal}" to type {kind}') from error
        if expr.kind == 'INT64' and kind in DECIMALS:
            return Expr(f'CAST({expr.sql} AS TEXT)', kind, [expr])
        if expr.kind == 'NUMERIC' and kind == 'BIGNUMERIC':
            return Expr(expr.sql, kind, [expr])
        if expr.kind in NUMBERS and kind == 'FLOAT64':
            return Expr(f'CAST({expr.sql} AS REAL)', kind, [expr])
        return None

    def common(self, exprs, what, place):
        """(the expressions as ones of a common type, the type)"""
        kinds = []
        for expr in exprs:
            if expr.kind is not None and expr.kind not in kinds:
                kinds.append(expr.kind)
        solid = [kind for kind in kinds
                 if any(expr.kind == kind and expr.literal is None for expr in exprs)]
        for kind in solid + kinds + ['FLOAT64']:
            found = [self.coerced(expr, kind) for expr in exprs] if kinds else exprs
            if None not in found:
                return found, kind if kinds else None
        shown = ', '.join(kind_text(expr.kind) for expr in exprs)
        raise invalid(f'No matching signature for {what} for argument types: {shown}.', place)

    def condition(self, expr, what, place):
        if expr.kind not in ('BOOL', None):
            raise invalid(f'{what} should return type BOOL, but returns {kind_text(expr.kind)}',
                          place)
        return expr

    # expressions

    def expression(self):
        return self.either()

    def either(self):
        place, expr = self.token.place, self.both()
        while self.take('OR'):
            other = self.both()
            expr = Expr(f'({self.logical(expr, "OR", place)} OR {self.logical(other, "OR", place)})',
                        'BOOL', [expr, other])
        return expr

    def both(self):
        place, expr = self.token.place, self.negation()
        while self.take('AND'):
            other = self.negation()
            expr = Expr(f'({self.logical(expr, "AND", place)} AND'
                        f' {self.logical(other, "AND", place)})', 'BOOL', [expr, other])
        return expr

    def logical(self, expr, what, place):
        if expr.kind not in ('BOOL', None):
            raise invalid(f'No matching signature for operator {what} for argument types:'
                          f' {kind_text(expr.kind)}', place)
        return expr.sql

    def negation(self):
        place = self.token.place
        if self.take('NOT'):
            expr = self.negation()
            return Expr(f'(NOT {self.logical(expr, "NOT", place)})', 'BOOL', [expr])
        return self.comparison()

    def comparison(self):
        place, expr = self.token.place, self.sum()
        while True:
            word = self.token.up
            if word in SIGNS:
                self.at += 1
                expr = self.compared(expr, SIGNS[word], self.sum(), place)
            elif word == 'IS':
                expr = self.is_what(expr)
            elif word in ('IN', 'LIKE', 'BETWEEN') or word == 'NOT' and (
                    self.tokens[self.at + 1].up in ('IN', 'LIKE', 'BETWEEN')):
                negative = self.take('NOT')
                call = {'IN': self.within, 'LIKE': self.like, 'BETWEEN': self.between}
                word = self.token.up
                self.at += 1
                expr = call[word](expr, place)
                if negative:
                    expr = Expr(f'(NOT {expr.sql})', 'BOOL', [expr])
            else:
                return expr

    def compared(self, a, sign, b, place):
        (x, y), kind = self.common([a, b], f'operator {sign}', place)
        if isinstance(kind, tuple) or kind == 'JSON':
            raise invalid(f'Operator {sign} is not defined for {kind_text(kind)}', place)
        if kind in DECIMALS:
            return Expr(f'(bq_compare({x.sql}, {y.sql}) {sign} 0)', 'BOOL', [x, y])
        return Expr(f'({x.sql} {sign} {y.sql})', 'BOOL', [x, y])

    def is_what(self, expr):
        self.want('IS')
        negative = 'NOT ' if self.take('NOT') else ''
        if self.take('DISTINCT', 'FROM'):
            other = self.sum()
            (x, y), _ = self.common([expr, other], 'IS DISTINCT FROM', self.token.place)
            word = 'IS' if negative else 'IS NOT'
            return Expr(f'({x.sql} {word} {y.sql})', 'BOOL', [x, y])
        word = self.token.up
        if word not in ('NULL', 'TRUE', 'FALSE'):
            raise self.unexpected()
        self.at += 1
        return Expr(f'({expr.sql} IS {negative}{word})', 'BOOL', [expr])

    def within(self, expr, place):
        if self.take('UNNEST'):
            self.want('(')
            array = self.expression()
            self.want(')')
            return Expr(f'({expr.sql} IN (SELECT value FROM json_each({array.sql})))', 'BOOL',
                        [expr, array])
        self.want('(')
        if self.ahead('SELECT') or self.ahead('WITH'):
            query = self.query()
            self.want(')')
            if len(query.columns) != 1:
                raise invalid('Subquery of type IN must have only one output column', place)
            self.compared(expr, '=', Expr('NULL', query.columns[0][1]), place)
            return Expr(f'({expr.sql} IN ({query.sql}))', 'BOOL', [expr])
        items = self.listed(self.expression)
        self.want(')')
        tests = [self.compared(expr, '=', item, place) for item in items]
        return Expr('(' + ' OR '.join(test.sql for test in tests) + ')', 'BOOL', tests)

    def like(self, expr, place):
        pattern = self.sum()
        if {expr.kind, pattern.kind} - {'STRING', None}:
            raise invalid('No matching signature for operator LIKE', place)
        return Expr(f"({expr.sql} LIKE {pattern.sql} ESCAPE '\\')", 'BOOL', [expr, pattern])

    def between(self, expr, place):
        low = self.sum()
        self.want('AND')
        high = self.sum()
        tests = [self.compared(expr, '>=', low, place), self.compared(expr, '<=', high, place)]
        return Expr(f'({tests[0].sql} AND {tests[1].sql})', 'BOOL', tests)

    def sum(self):
        place, expr = self.token.place, self.product()
        while self.token.up in ('+', '-'):
            sign = self.token.up
            self.at += 1
            if self.take('INTERVAL'):
                expr = self.moved(expr, sign, *self.interval())
            else:
                expr = self.arithmetic(expr, sign, self.product(), place)
        return expr

    def product(self):
        place, expr = self.token.place, self.unary()
        while self.token.up in ('*', '/', '||'):
            sign = self.token.up
            self.at += 1
            other = self.unary()
            if sign == '||':
                if {expr.kind, other.kind} - {'STRING', None}:
                    raise invalid('No matching signature for operator ||', place)
                expr = Expr(f'({expr.sql} || {other.sql})', 'STRING', [expr, other])
            else:
                expr = self.arithmetic(expr, sign, other, place)
        return expr

    def arithmetic(self, a, sign, b, place):
        if a.kind == 'DATE' and b.kind == 'INT64':
            return Expr(f"bq_add_date({a.sql}, {'-' if sign == '-' else ''}{b.sql}, 'DAY')",
                        'DATE', [a, b])
        (x, y), kind = self.common([a, b], f'operator {sign}', place)
        if kind not in NUMBERS and kind is not None:
            raise invalid(f'No matching signature for operator {sign} for argument types:'
                          f' {kind_text(a.kind)}, {kind_text(b.kind)}.', place)
        if kind in DECIMALS:
            return Expr(f"bq_decimal('{sign}', {x.sql}, {y.sql}, '{kind}')", kind, [x, y])
        if sign == '/':
            return Expr(f'bq_divide({x.sql}, {y.sql})', 'FLOAT64', [x, y])
        return Expr(f'({x.sql} {sign} {y.sql})', kind or 'INT64', [x, y])

    def moved(self, expr, sign, count, part):
        sql = f'-({count.sql})' if sign == '-' else count.sql
        if expr.kind == 'TIMESTAMP':
            return Expr(f"bq_add_time({expr.sql}, {sql}, '{part}')", 'TIMESTAMP', [expr, count])
        if expr.kind == 'DATE':
            return Expr(f"bq_add_date({expr.sql}, {sql}, '{part}')", 'DATE', [expr, count])
        raise invalid(f'No matching signature for operator {sign} for INTERVAL and'
                      f' {kind_text(expr.kind)}', self.token.place)

    def interval(self):
        count = self.unary()
        if count.kind != 'INT64':
            raise invalid('Interval value must be coercible to INT64 type', self.token.place)
        return count, self.part()

    def part(self):
        word = self.token.up
        if word not in PARTS:
            raise invalid(f'A valid date part name is required but found {self.token.text}',
                          self.token.place)
        self.at += 1
        if word == 'WEEK' and self.take('('):
            self.want('MONDAY')
            self.want(')')
            return 'ISOWEEK'
        return word

    def unary(self):
        place = self.token.place
        if self.take('-'):
            expr = self.unary()
            if expr.kind not in NUMBERS:
                raise invalid('No matching signature for operator -', place)
            if expr.kind in DECIMALS:
                return Expr(f"bq_decimal('-', '0', {expr.sql}, '{expr.kind}')", expr.kind, [expr])
            literal = None if expr.literal is None else '-' + expr.literal
            return Expr(f'(-{expr.sql})', expr.kind, [expr], literal)
        if self.take('+'):
            return self.unary()
        return self.postfix()

    def postfix(self):
        expr = self.primary()
        while True:
            if self.take('['):
                word = self.token.up
                shift = 0
                if word in ('OFFSET', 'ORDINAL'):
                    self.at += 1
                    self.want('(')
                    shift = word == 'ORDINAL'
                index = self.expression()
                if word in ('OFFSET', 'ORDINAL'):
                    self.want(')')
                self.want(']')
                if expr.kind[0] != 'ARRAY':
                    raise invalid('Element access is not defined for it', self.token.place)
                expr = Expr(f"json_extract({expr.sql}, '$[' || ({index.sql} - {int(shift)}) || ']')",
                            expr.kind[1], [expr, index])
            elif isinstance(expr.kind, tuple) and expr.kind[0] == 'STRUCT' and self.ahead('.'):
                self.at += 1
                name = self.name().lower()
                names = [member.lower() for member, _ in expr.kind[1]]
                if name not in names:
                    raise invalid(f'Field name {name} does not exist', self.token.place)
                place = names.index(name)
                expr = Expr(f"json_extract({expr.sql}, '$[{place}]')", expr.kind[1][place][1], [expr])
            else:
                return expr

    def primary(self):
        token = self.token
        if token.kind in ('number', 'string', 'bytes', 'parameter'):
            self.at += 1
            return getattr(self, f'from_{token.kind}')(token)
        if self.take('('):
            return self.bracketed()
        if self.take('['):
            return self.array(None)
        if token.kind == 'word':
            call = {'NULL': self.null, 'TRUE': self.boolean, 'FALSE': self.boolean,
                    'CASE': self.case, 'CAST': self.cast, 'SAFE_CAST': self.cast,
                    'EXISTS': self.exists, 'EXTRACT': self.extract, 'ARRAY': self.array_word,
                    'STRUCT': self.struct, 'IF': self.if_word}.get(token.up)
            if call and (token.up not in ('SAFE_CAST', 'EXTRACT') or self.tokens[self.at + 1].up == '('):
                self.at += 1
                return call(token)
            following = self.tokens[self.at + 1]
            if token.up in bqvalues.TYPES and following.kind == 'string':
                self.at += 2
                return self.typed_literal(bqvalues.normal(token.up), following)
            if following.up == '(':
                return self.call()
        if token.kind == 'quoted' or token.kind == 'word' and token.up not in RESERVED:
            return self.column()
        raise self.unexpected()

    def from_number(self, token):
        text = token.text
        if text[:2].lower() == '0x':
            return Expr(str(int(text, 16)), 'INT64', literal=str(int(text, 16)))
        if text.isdigit():
            if int(text) > 2**63 - 1:
                raise invalid(f'Invalid integer literal: {text}', token.place)
            return Expr(str(int(text)), 'INT64', literal=text)
        return Expr(sql_value(float(text)), 'FLOAT64', literal=text)

    def from_string(self, token):
        return Expr(sql_text(token.text), 'STRING', literal=token.text)

    def from_bytes(self, token):
        return Expr(f"X'{token.text.encode('latin-1').hex()}'", 'BYTES')

    def typed_literal(self, kind, token):
        try:
            return Expr(sql_value(bqvalues.read(kind, token.text)), kind)
        except ValueError as error:
            raise invalid(f'Invalid {kind} literal: "{token.text}"', token.place) from error

    def from_parameter(self, token):
        if token.text == '@@row_count':
            return Expr(sql_value(self.variables.get(token.text)), 'INT64')
        found = self.parameters.get(token.text[1:].lower())
        if found is None:
            raise invalid(f"Query parameter '{token.text[1:]}' not found", token.place)
        kind, value = found
        return Expr(sql_value(value), kind,
                    literal=value if kind == 'STRING' and value is not None else None)

    def null(self, _):
        return Expr('NULL', None)

    def boolean(self, token):
        return Expr('1' if token.up == 'TRUE' else '0', 'BOOL')

    def bracketed(self):
        if self.ahead('SELECT') or self.ahead('WITH'):
            query = self.query()
            self.want(')')
            if len(query.columns) != 1:
                raise invalid('Scalar subquery cannot have more than one column unless using SELECT'
                              ' AS STRUCT to build STRUCT values', self.token.place)
            return Expr(f'({query.sql})', query.columns[0][1])
        expr = self.expression()
        self.want(')')
        return expr

    def array_word(self, _):
        kind = None
        if self.take('<'):
            kind = self.type()
            self.want('>')
        if self.take('('):
            query = self.query()
            self.want(')')
            return Expr(f'(SELECT json_group_array("c1") FROM ({query.sql}))',
                        ('ARRAY', query.columns[0][1]))
        self.want('[')
        return self.array(kind)

    def array(self, kind):
        place = self.token.place
        items = [] if self.ahead(']') else self.listed(self.expression)
        self.want(']')
        if kind:
            items = [self.coerced(item, kind) for item in items]
        elif items:
            items, kind = self.common(items, 'array', place)
        return Expr(f"json_array({', '.join(map(nested, items))})", ('ARRAY', kind or 'INT64'), items)

    def struct(self, _):
        self.want('(')
        items = self.listed(self.member)
        self.want(')')
        kind = 'STRUCT', tuple((name, item.kind or 'INT64') for name, item in items)
        return Expr(f"json_array({', '.join(nested(item) for _, item in items)})", kind,
                    [item for _, item in items])

    def member(self):
        token, expr = self.token, self.expression()
        return (self.name() if self.take('AS') else token.text), expr

    def case(self, token):
        subject = None if self.ahead('WHEN') else self.expression()
        tests, values = [], []
        while self.take('WHEN'):
            test = self.expression()
            tests.append(self.compared(subject, '=', test, token.place) if subject else
                         self.condition(test, 'CASE condition', token.place))
            self.want('THEN')
            values.append(self.expression())
        if not tests:
            raise self.unexpected()
        values.append(self.expression() if self.take('ELSE') else Expr('NULL', None))
        self.want('END')
        values, kind = self.common(values, 'CASE', token.place)
        sql = ' '.join(f'WHEN {test.sql} THEN {value.sql}' for test, value in zip(tests, values))
        return Expr(f'CASE {sql} ELSE {values[-1].sql} END', kind, tests + values)

    def if_word(self, token):
        self.want('(')
        test = self.condition(self.expression(), 'IF condition', token.place)
        self.want(',')
        values = self.listed(self.expression)
        self.want(')')
        values, kind = self.common(values, 'IF', token.place)
        return Expr(f'CASE WHEN {test.sql} THEN {values[0].sql} ELSE {values[1].sql} END', kind,
                    [test, *values])

    def cast(self, token):
        self.want('(')
        expr = self.expression()
        self.want('AS')
        kind = self.type()
        self.want(')')
        return self.converted(expr, kind, token.up == 'SAFE_CAST', token.place)

    def converted(self, expr, kind, safe, place):
        direct = None if expr.literal is not None else self.coerced(expr, kind)
        if expr.kind is None or direct and kind not in DECIMALS:
            return direct or Expr(expr.sql, kind)
        groups = {*NUMBERS, 'STRING'}, {'STRING', 'BOOL', 'INT64'}, {'STRING', *TIMES} - {'TIME'}, {
            'STRING', 'TIME', 'DATETIME', 'TIMESTAMP'}, {'STRING', 'BYTES'}, {expr.kind}
        if not any({expr.kind, kind} <= group for group in groups):
            raise invalid(f'Invalid cast from {kind_text(expr.kind)} to {kind_text(kind)}', place)
        return Expr(f"bq_cast({expr.sql}, '{expr.kind}', '{kind}', {int(safe)})", kind, [expr])

    def exists(self, _):
        self.want('(')
        query = self.query()
        self.want(')')
        return Expr(f'EXISTS ({query.sql})', 'BOOL')

    def extract(self, token):
        self.want('(')
        part = self.part()
        self.want('FROM')
        expr = self.expression()
        self.want(')')
        if expr.kind not in TIMES:
            raise invalid(f'EXTRACT from {kind_text(expr.kind)}', token.place)
        return Expr(f"bq_extract('{part}', {expr.sql}, '{expr.kind}')",
                    'DATE' if part == 'DATE' else 'INT64', [expr])

    def column(self):
        place, name = self.token.place, self.name()
        scope = self.scope
        while scope:
            found = self.look_up(scope, name, place)
            if found:
                if scope is not self.scope:
                    found.free = set()
                return found
            scope = scope.outer
        if name.lower() in self.variables:
            kind, value = self.variables[name.lower()]
            return Expr(sql_value(value), kind)
        raise invalid(f'Unrecognized name: {name}', place)

    def look_up(self, scope, name, place):
        low = name.lower()
        if low in scope.aliases:
            return scope.aliases[low]
        if low in scope.merged:
            return scope.merged[low]
        for source in scope.sources:
            if source.name.lower() == low and self.ahead('.'):
                self.at += 1
                name = self.name()
                found = [column for column in source.columns if column[0].lower() == name.lower()]
                if not found:
                    raise invalid(f'Name {name} not found inside {source.name}', place)
                return self.read(source, found[0])
        found = [(source, column) for source in scope.sources for column in source.columns
                 if column[0].lower() == low]
        if len(found) > 1:
            raise invalid(f'Column name {name} is ambiguous', place)
        return self.read(*found[0]) if found else None

    def read(self, source, column):
        name, kind, sql = column
        if source.table:
            self.reads.add((source.table, name))
        expr = Expr(sql, kind)
        expr.free = {sql}
        return expr

    # functions

    def call(self):
        token = self.token
        name = SYNONYMS.get(token.up, token.up)
        self.at += 2
        if name in AGGREGATES:
            return self.over(self.aggregate(name, token.place), token.place)
        if name in RANKS:
            self.want(')')
            return self.over(Expr(f'{name}()', 'INT64'), token.place, needed=True)
        if name in NEIGHBOURS:
            args = self.listed(self.expression)
            self.want(')')
            if len(args) == 3:
                args[0], args[2] = self.common([args[0], args[2]], name, token.place)[0]
            inner = Expr(f"{name}({', '.join(arg.sql for arg in args)})", args[0].kind, args)
            return self.over(inner, token.place, needed=True)
        special = getattr(self, f'call_{name.lower()}', None)
        if special:
            return special(token.place)
        args = [] if self.ahead(')') else self.listed(self.expression)
        self.want(')')
        if name in PLAIN:
            return self.plain(name, args, token.place)
        raise invalid(f'Function not found: {token.text}', token.place)

    def plain(self, name, args, place):
        kinds, kind, template = PLAIN[name]
        least = kinds.index(None) if None in kinds else len(kinds)
        kinds = [each for each in kinds if each]
        shown = ', '.join(kind_text(arg.kind) for arg in args)
        problem = invalid(f'No matching signature for function {name} for argument types: {shown}.',
                          place)
        if not least <= len(args) <= len(kinds):
            raise problem
        found = [self.coerced(arg, each) for arg, each in zip(args, kinds)]
        if None in found:
            raise problem
        sqls = [arg.sql for arg in found]
        sql = template.format(*sqls) if '{0}' in template else template.format(', '.join(sqls))
        return Expr(sql, kind, found)

    def arguments(self, least, most):
        place = self.token.place
        args = [] if self.ahead(')') else self.listed(self.expression)
        self.want(')')
        if not least <= len(args) <= most:
            raise invalid('Number of arguments does not match', place)
        return args

    def call_coalesce(self, place, name='COALESCE', least=1):
        args, kind = self.common(self.arguments(least, 99), name, place)
        sql = f"COALESCE({', '.join(arg.sql for arg in args)})" if len(args) > 1 else args[0].sql
        return Expr(sql, kind, args)

    def call_to_json_string(self, place):
        value, = self.arguments(1, 1)
        if not isinstance(value.kind, tuple) or value.kind[0] != 'STRUCT':
            raise invalid('This server makes JSON text of a STRUCT alone', place)
        kinds = json.dumps(value.kind[1]).replace("'", "''")
        return Expr(f"bq_json_text({value.sql}, '{kinds}')", 'STRING', [value])

    def call_ifnull(self, place):
        return self.call_coalesce(place, 'IFNULL', 2)

    def call_nullif(self, place):
        args, kind = self.common(self.arguments(2, 2), 'NULLIF', place)
        same = self.compared(args[0], '=', args[1], place)
        return Expr(f'CASE WHEN {same.sql} THEN NULL ELSE {args[0].sql} END', kind, args)

    def call_greatest(self, place, sign='>'):
        args, kind = self.common(self.arguments(1, 99), 'GREATEST', place)
        expr = args[0]
        for other in args[1:]:
            test = self.compared(expr, sign, other, place)
            expr = Expr(f'CASE WHEN {expr.sql} IS NULL OR {other.sql} IS NULL THEN NULL'
                        f' WHEN {test.sql} THEN {expr.sql} ELSE {other.sql} END', kind, [expr, other])
        return expr

    def call_least(self, place):
        return self.call_greatest(place, '<')

    def call_abs(self, place):
        expr, = self.arguments(1, 1)
        if expr.kind in DECIMALS:
            return Expr(f"LTRIM({expr.sql}, '-')", expr.kind, [expr])
        return Expr(f'ABS({expr.sql})', self.numeric(expr, 'ABS', place), [expr])

    def numeric(self, expr, name, place):
        if expr.kind not in NUMBERS:
            raise invalid(f'No matching signature for function {name} for argument types:'
                          f' {kind_text(expr.kind)}.', place)
        return expr.kind

    def call_round(self, place, how='ROUND', most=2):
        args = self.arguments(1, most)
        kind = self.numeric(args[0], how, place)
        expr = args[0] if kind in DECIMALS else self.coerced(args[0], 'FLOAT64')
        digits = args[1].sql if len(args) > 1 else '0'
        return Expr(f"bq_round({expr.sql}, {digits}, '{how}', '{expr.kind}')", expr.kind, args)

    def call_floor(self, place):
        return self.call_round(place, 'FLOOR', 1)

    def call_ceil(self, place):
        return self.call_round(place, 'CEIL', 1)

    def call_trunc(self, place):
        return self.call_round(place, 'TRUNC')

    def call_sign(self, place):
        expr, = self.arguments(1, 1)
        zero = self.coerced(Expr('0', 'INT64', literal='0'), expr.kind)
        more, less = (self.compared(expr, sign, zero, place) for sign in '><')
        return Expr(f'({more.sql} - {less.sql})', 'INT64', [expr])

    def call_concat(self, place):
        args = self.arguments(1, 99)
        if {arg.kind for arg in args} - {'STRING', None}:
            raise invalid('No matching signature for function CONCAT', place)
        return Expr('(' + ' || '.join(arg.sql for arg in args) + ')', 'STRING', args)

    def call_sha256(self, place, name='bq_sha256'):
        expr, = self.arguments(1, 1)
        if expr.kind not in ('STRING', 'BYTES'):
            raise invalid('No matching signature for a hash', place)
        return Expr(f'{name}({expr.sql})', 'BYTES', [expr])

    def call_md5(self, place):
        return self.call_sha256(place, 'bq_md5')

    def call_array_length(self, _):
        expr, = self.arguments(1, 1)
        return Expr(f'json_array_length({expr.sql})', 'INT64', [expr])

    def call_current_timestamp(self, _):
        self.arguments(0, 0)
        return Expr("CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)", 'TIMESTAMP')

    def call_current_date(self, _):
        self.arguments(0, 0)
        return Expr("DATE('now')", 'DATE')

    def call_timestamp(self, place, kind='TIMESTAMP'):
        expr, = self.arguments(1, 1)
        if expr.kind not in (*TIMES, 'STRING', None):
            raise invalid(f'No matching signature for function {kind} for argument types:'
                          f' {kind_text(expr.kind)}.', place)
        return self.converted(expr, kind, False, place)

    def call_date(self, place):
        return self.call_timestamp(place, 'DATE')

    def call_datetime(self, place):
        return self.call_timestamp(place, 'DATETIME')

    def call_timestamp_trunc(self, place, kind='TIMESTAMP'):
        expr = self.coerced(self.expression(), kind)
        self.want(',')
        part = self.part()
        self.want(')')
        if expr is None:
            raise invalid(f'No matching signature for function {kind}_TRUNC', place)
        return Expr(f"bq_truncate({expr.sql}, '{part}', '{kind}')", kind, [expr])

    def call_date_trunc(self, place):
        return self.call_timestamp_trunc(place, 'DATE')

    def call_timestamp_add(self, _, sign='+'):
        expr = self.expression()
        self.want(',', 'INTERVAL')
        count, part = self.interval()
        self.want(')')
        return self.moved(expr, sign, count, part)

    def call_timestamp_sub(self, place):
        return self.call_timestamp_add(place, '-')

    call_date_add, call_date_sub = call_timestamp_add, call_timestamp_sub

    def call_timestamp_diff(self, place, kind='TIMESTAMP', function='bq_time_diff'):
        args = [self.coerced(self.expression(), kind)]
        self.want(',')
        args.append(self.coerced(self.expression(), kind))
        self.want(',')
        part = self.part()
        self.want(')')
        if None in args:
            raise invalid(f'No matching signature for function {kind}_DIFF', place)
        return Expr(f"{function}({args[0].sql}, {args[1].sql}, '{part}')", 'INT64', args)

    def call_date_diff(self, place):
        return self.call_timestamp_diff(place, 'DATE', 'bq_date_diff')

    def call_format_timestamp(self, place, kind='TIMESTAMP'):
        pattern, expr = self.arguments(2, 2)
        expr = self.coerced(expr, kind)
        if expr is None or pattern.kind != 'STRING':
            raise invalid(f'No matching signature for function FORMAT_{kind}', place)
        return Expr(f"bq_format({pattern.sql}, {expr.sql}, '{kind}')", 'STRING', [expr])

    def call_format_date(self, place):
        return self.call_format_timestamp(place, 'DATE')

    # aggregates and windows

    def aggregate(self, name, place):
        if name == 'COUNT' and self.take('*', ')'):
            return Expr('COUNT(*)', 'INT64', aggregate=True)
        distinct = 'DISTINCT ' if self.take('DISTINCT') else ''
        aliases, self.scope.aliases = self.scope.aliases, {}
        args = self.listed(self.expression)
        self.scope.aliases = aliases
        if name in ('ARRAY_AGG', 'STRING_AGG') and self.take('ORDER', 'BY'):
            raise invalid(f'{name} with ORDER BY is not played here', place)
        self.want(')')
        if any(arg.aggregate or arg.window for arg in args):
            raise invalid('Aggregations of aggregations are not allowed', place)
        if len(args) != MOMENTS.get(name, 1) and name != 'STRING_AGG':
            raise invalid(f'No matching signature for aggregate function {name}', place)
        sql, kind = self.aggregated(name, distinct, args, place)
        expr = Expr(sql, kind, args, aggregate=True)
        expr.inner, expr.free = expr.free, set()
        return expr

    def aggregated(self, name, distinct, args, place):
        arg = args[0]
        if name in MOMENTS:
            args = [self.coerced(arg, 'FLOAT64') for arg in args]
            if None in args:
                raise invalid(f'No matching signature for aggregate function {name}', place)
            return f"bq_{name.lower()}({', '.join(arg.sql for arg in args)})", 'FLOAT64'
        if name in ('COUNT', 'APPROX_COUNT_DISTINCT'):
            distinct = distinct if name == 'COUNT' else 'DISTINCT '
            return f'COUNT({distinct}{arg.sql})', 'INT64'
        if name == 'COUNTIF':
            self.condition(arg, 'COUNTIF', place)
            return f'COUNT(CASE WHEN {arg.sql} THEN 1 END)', 'INT64'
        if name in ('LOGICAL_OR', 'LOGICAL_AND'):
            self.condition(arg, name, place)
            return f"{'MAX' if name == 'LOGICAL_OR' else 'MIN'}({arg.sql})", 'BOOL'
        if name == 'STRING_AGG':
            rest = ''.join(f', {more.sql}' for more in args[1:]) or ("" if distinct else ", ','")
            return f'GROUP_CONCAT({distinct}{arg.sql}{rest})', 'STRING'
        if name == 'ARRAY_AGG':
            return f'JSON_GROUP_ARRAY({distinct}{nested(arg)})', ('ARRAY', arg.kind)
        if name in ('MIN', 'MAX', 'ANY_VALUE'):
            collate = ' COLLATE decimal' if arg.kind in DECIMALS else ''
            return f"{'MAX' if name == 'MAX' else 'MIN'}({arg.sql}{collate})", arg.kind
        kind = self.numeric(arg, name, place)
        if kind in DECIMALS:
            function = 'bq_average' if name == 'AVG' else {
                'NUMERIC': 'bq_sum', 'BIGNUMERIC': 'bq_bigsum'}[kind]
            return f'{function}({distinct}{arg.sql})', kind
        return f'{name}({distinct}{arg.sql})', 'FLOAT64' if name == 'AVG' else kind

    def over(self, expr, place, needed=False):
        """The function as one of a window, if OVER follows"""
        if not self.take('OVER'):
            if needed:
                raise invalid('Analytic function cannot be called without an OVER clause', place)
            return expr
        if self.take('('):
            spec = self.window()
        else:
            name = self.name()
            start = self.scope.windows.get(name.lower())
            if start is None:
                raise invalid(f'Unrecognized window alias {name}', place)
            back, self.at = self.at, start
            spec = self.window()
            self.at = back
        result = Expr(f'{expr.sql} OVER ({spec})', expr.kind, [expr], window=True)
        result.aggregate = False
        result.free |= getattr(expr, 'inner', set()) | self.window_free
        return result

    def window(self):
        parts = []
        self.window_free = set()
        if self.take('PARTITION', 'BY'):
            exprs = self.listed(self.expression)
            if any(expr.kind == 'FLOAT64' for expr in exprs):
                raise invalid('Partitioning by expressions of type FLOAT64 is not allowed',
                              self.token.place)
            self.window_free = set().union(*(expr.free for expr in exprs))
            parts.append('PARTITION BY ' + ', '.join(expr.sql for expr in exprs))
        if self.take('ORDER', 'BY'):
            parts.append('ORDER BY ' + ', '.join(self.listed(self.order_item)))
        words = []
        while not self.ahead(')'):
            if self.token.up not in ('ROWS', 'RANGE', 'BETWEEN', 'UNBOUNDED', 'PRECEDING',
                                     'FOLLOWING', 'CURRENT', 'ROW', 'AND') and (
                                         self.token.kind != 'number'):
                raise self.unexpected()
            words.append(self.token.text)
            self.at += 1
        self.want(')')
        return ' '.join(parts + words)

    def order_item(self):
        expr = self.expression()
        return self.ordered(expr)

    def ordered(self, expr):
        if isinstance(expr.kind, tuple) or expr.kind == 'JSON':
            raise invalid(f'ORDER BY does not support expressions of type {kind_text(expr.kind)}',
                          self.token.place)
        sql = expr.sql + (' COLLATE decimal' if expr.kind in DECIMALS else '')
        if self.take('DESC'):
            sql += ' DESC'
        else:
            self.take('ASC')
        if self.take('NULLS', 'FIRST'):
            sql += ' NULLS FIRST'
        elif self.take('NULLS', 'LAST'):
            sql += ' NULLS LAST'
        return sql

    # queries

    def query(self):
        named = {}
        if self.take('WITH'):
            self.queries.append(named)
            self.with_items(named)
        result = self.query_body()
        if named:
            self.queries.pop()
        return result

    def with_items(self, named):
        while True:
            name = self.name()
            self.want('AS', '(')
            named[name.lower()] = self.query()
            self.want(')')
            if not self.take(','):
                return

    def query_body(self):
        result, scope = self.query_term()
        while self.token.up in ('UNION', 'INTERSECT', 'EXCEPT'):
            place, word = self.token.place, self.token.up
            self.at += 1
            if self.take('ALL'):
                how = f'{word} ALL'
            else:
                self.want('DISTINCT')
                how = word
            result = self.united(result, how, self.query_term()[0], place)
            scope = None
        tail = ''
        if self.take('ORDER', 'BY'):
            tail = ' ORDER BY ' + ', '.join(self.listed(
                lambda: self.order_output(result.columns, scope)))
        if self.take('LIMIT'):
            tail += f' LIMIT {self.limit()}'
            if self.take('OFFSET'):
                tail += f' OFFSET {self.limit()}'
        if not tail:
            return result
        sql = result.sql if scope else f'SELECT * FROM ({result.sql})'
        return Query(sql + tail, result.columns)

    def limit(self):
        expr = self.primary()
        if expr.kind != 'INT64' or expr.free:
            raise invalid('LIMIT expects an integer literal or parameter', self.token.place)
        return expr.sql

    def query_term(self):
        if self.take('('):
            result = self.query()
            self.want(')')
            return Query(f'SELECT * FROM ({result.sql})', result.columns), None
        return self.select()

    def united(self, a, how, b, place):
        if len(a.columns) != len(b.columns):
            raise invalid(f'Queries in {how} have mismatched column count', place)
        sides, columns = ([], []), []
        for index, ((name, kind), (_, other)) in enumerate(zip(a.columns, b.columns), 1):
            pair = [Expr(f'"c{index}"', kind), Expr(f'"c{index}"', other)]
            found, common = self.common(pair, how, place)
            columns.append((name, common))
            for side, expr in zip(sides, found):
                side.append(f'{expr.sql} AS "c{index}"')
        if how.endswith('T ALL'):
            raise invalid(f'{how} is not supported', place)
        return Query(f' {how} '.join(f"SELECT {', '.join(side)} FROM ({query.sql})"
                                     for side, query in zip(sides, (a, b))), columns)

    def order_output(self, columns, scope):
        """An item of ORDER BY: a place, an output column or an expression of the scope"""
        place = self.token.place
        if self.token.kind == 'number' and self.token.text.isdigit():
            index = int(self.token.text)
            if not 1 <= index <= len(columns):
                raise invalid('ORDER BY is out of SELECT column number range', place)
            self.at += 1
            return self.ordered(Expr(f'"c{index}"', columns[index - 1][1]))
        if scope is None:
            scope = Scope(self.scope)
            scope.aliases = {name.lower(): Expr(f'"c{index}"', kind)
                             for index, (name, kind) in enumerate(columns, 1) if name}
        self.scope, saved = scope, self.scope
        try:
            return self.order_item()
        finally:
            self.scope = saved

    def clauses(self):
        """Where the clauses of the SELECT begin that is here; end: where it ends"""
        found, depth, at = {}, 0, self.at
        while True:
            token = self.tokens[at]
            if token.up in ('(', '['):
                depth += 1
            elif token.up in (')', ']'):
                depth -= 1
            elif depth == 0 and token.up == 'FROM' and self.tokens[at - 1].up == 'DISTINCT':
                pass
            elif depth == 0 and token.up in ('FROM', 'WHERE', 'GROUP', 'HAVING', 'QUALIFY', 'WINDOW'):
                found.setdefault(token.up, at)
            following = self.tokens[at + 1].up if token.kind != 'end' else None
            if depth < 0 or token.kind == 'end' or token.up == ';' or depth == 0 and (
                    token.up in ('UNION', 'INTERSECT', 'LIMIT') or
                    token.up == 'ORDER' and following == 'BY' or
                    token.up == 'EXCEPT' and following in ('DISTINCT', 'ALL')):
                found['end'] = at
                return found
            at += 1

    def select(self):
        self.want('SELECT')
        distinct = self.take('DISTINCT')
        if not distinct:
            self.take('ALL')
        at = self.clauses()
        scope = self.scope = Scope(self.scope)
        try:
            query = self.select_in(scope, at, distinct)
            return query, None if distinct or 'QUALIFY' in at else scope
        finally:
            self.scope = scope.outer

    def select_in(self, scope, at, distinct):
        start, source, where = self.at, '', ''
        position = start
        if 'FROM' in at:
            self.at = at['FROM'] + 1
            source = ' FROM ' + self.from_items(scope)
            position = self.at
        if 'WINDOW' in at:
            self.at = at['WINDOW'] + 1
            self.window_names(scope)
            window_end = self.at
        if 'WHERE' in at:
            self.expect(at, 'WHERE', position)
            expr = self.condition(self.expression(), 'WHERE clause', self.token.place)
            if expr.aggregate or expr.window:
                raise invalid('Aggregate or analytic function not allowed in WHERE clause',
                              self.token.place)
            where = f' WHERE {expr.sql}'
            position = self.at
        self.at = start
        items = self.select_items(scope)
        if 'FROM' in at or self.at != at['end']:
            self.expect(at, 'FROM', self.at, skip=False)
        for name, expr in items:
            if name:
                scope.aliases.setdefault(name.lower(), expr)
        group = ''
        groups = None
        if 'GROUP' in at:
            self.expect(at, 'GROUP', position)
            self.want('BY')
            groups = self.listed(lambda: self.group_item(items))
            group = ' GROUP BY ' + ', '.join(expr.sql for expr in groups)
            position = self.at
        having = ''
        if 'HAVING' in at:
            self.expect(at, 'HAVING', position)
            expr = self.condition(self.expression(), 'HAVING clause', self.token.place)
            if groups is None and not expr.aggregate:
                raise invalid('HAVING clause requires GROUP BY or aggregation', self.token.place)
            self.check_groups([('', expr)], groups or [])
            having = f' HAVING {expr.sql}'
            position = self.at
        if groups is not None or any(expr.aggregate for _, expr in items):
            self.check_groups(items, groups or [])
        qualify = None
        if 'QUALIFY' in at:
            self.expect(at, 'QUALIFY', position)
            if not where and not group and not having:
                raise invalid('The QUALIFY clause needs a WHERE, GROUP BY or HAVING beside it',
                              self.token.place)
            qualify = self.condition(self.expression(), 'QUALIFY clause', self.token.place)
            position = self.at
        if 'WINDOW' in at:
            self.expect(at, 'WINDOW', position)
            position = window_end
        if position == start:
            position = self.at
        self.at = position
        if self.at != at['end']:
            raise self.unexpected()
        columns = [(name, expr.kind or 'INT64') for name, expr in items]
        outputs = ', '.join(f'{expr.sql} AS "c{index}"' for index, (_, expr) in enumerate(items, 1))
        sql = f"{source}{where}{group}{having}"
        if qualify:
            names = ', '.join(f'"c{index}"' for index in range(1, len(items) + 1))
            sql = (f"SELECT {'DISTINCT ' if distinct else ''}{names} FROM"
                   f' (SELECT {outputs}, {qualify.sql} AS "q"{sql}) WHERE "q"')
        else:
            sql = f"SELECT {'DISTINCT ' if distinct else ''}{outputs}{sql}"
        return Query(sql, columns)

    def expect(self, at, word, position, skip=True):
        """The clause must begin at the position, where the one before it ended"""
        if at.get(word) != position:
            self.at = position
            raise self.unexpected()
        if skip:
            self.at = position + 1

    def window_names(self, scope):
        while True:
            name = self.name()
            self.want('AS', '(')
            scope.windows[name.lower()] = self.at
            depth = 1
            while depth:
                depth += {'(': 1, ')': -1}.get(self.token.up, 0)
                self.at += 1
            if not self.take(','):
                return

    def group_item(self, items):
        if self.token.kind == 'number' and self.token.text.isdigit():
            index = int(self.token.text)
            self.at += 1
            if not 1 <= index <= len(items):
                raise invalid('GROUP BY is out of SELECT column number range', self.token.place)
            expr = items[index - 1][1]
        else:
            expr = self.expression()
        if expr.aggregate or expr.window:
            raise invalid('Aggregate or analytic function not allowed in GROUP BY', self.token.place)
        return expr

    def check_groups(self, items, groups):
        known = {expr.sql for expr in groups}
        for name, expr in items:
            left = expr.free - known
            if expr.sql not in known and left:
                column = min(left).rpartition('.')[2].strip('"')
                raise invalid(f'SELECT list expression references column {column} which is neither'
                              ' grouped nor aggregated', self.token.place)

    def select_items(self, scope):
        items = []
        while True:
            items += self.select_item(scope)
            if not self.take(','):
                break
            if self.token.up == 'FROM':  # a comma behind the last one
                break
        return [(name or f'f{sum(not other for other, _ in items[:index])}_', expr)
                for index, (name, expr) in enumerate(items)]

    def select_item(self, scope):
        if self.take('*'):
            return self.starred(scope.sources, scope)
        if self.token.kind in ('word', 'quoted') and (
                self.tokens[self.at + 1].up == '.' and self.tokens[self.at + 2].up == '*'):
            name = self.token.text
            self.at += 3
            sources = [source for source in scope.sources if source.name.lower() == name.lower()]
            if not sources:
                raise invalid(f'Unrecognized name: {name}', self.token.place)
            return self.starred(sources, None)
        first, start = self.at, self.token
        expr = self.expression()
        if self.take('AS'):
            return [(self.name(), expr)]
        if self.token.kind == 'quoted' or self.token.kind == 'word' and self.token.up not in RESERVED:
            return [(self.name(), expr)]
        last = self.tokens[self.at - 1]
        simple = all(token.kind in ('word', 'quoted') or token.up == '.'
                     for token in self.tokens[first:self.at])
        named = simple and start.up not in ('NULL', 'TRUE', 'FALSE')
        return [(last.text if named else '', expr)]

    def starred(self, sources, scope):
        place = self.token.place
        if not sources:
            raise invalid('SELECT * must have a FROM clause', place)
        items, done = [], set()
        for name, expr in (scope.merged.items() if scope else ()):
            items.append((name, expr))
            done.add(name)
        for source in sources:
            for column in source.columns:
                if column[0].lower() not in done:
                    items.append((column[0], self.read(source, column)))
        if self.take('EXCEPT'):
            self.want('(')
            names = {name.lower() for name in self.listed(self.name)}
            self.want(')')
            unknown = names - {name.lower() for name, _ in items}
            if unknown:
                raise invalid(f'Column {min(unknown)} in SELECT * EXCEPT list does not exist', place)
            items = [item for item in items if item[0].lower() not in names]
        if self.take('REPLACE'):
            self.want('(')
            new = {name.lower(): expr for name, expr in self.listed(self.replacement)}
            self.want(')')
            items = [(name, new.get(name.lower(), expr)) for name, expr in items]
        return items

    def replacement(self):
        expr = self.expression()
        self.want('AS')
        return self.name(), expr

    # FROM

    def from_items(self, scope):
        sql = self.from_item(scope)
        while True:
            kind = self.join_kind()
            if kind is None:
                return sql
            before = list(scope.sources)
            sql += f' {kind} {self.from_item(scope)}'
            added = scope.sources[len(before):]
            if self.take('ON'):
                expr = self.condition(self.expression(), 'JOIN ON clause', self.token.place)
                sql += f' ON {expr.sql}'
            elif self.take('USING'):
                sql += ' ON ' + self.using(scope, before, added, kind)
            elif kind not in ('CROSS JOIN',):
                raise invalid('JOIN must have an immediately following ON or USING clause',
                              self.token.place)

    def join_kind(self):
        if self.take(','):
            return 'CROSS JOIN'
        if self.take('CROSS', 'JOIN'):
            return 'CROSS JOIN'
        for word in 'LEFT', 'RIGHT', 'FULL':
            if self.take(word):
                self.take('OUTER')
                self.want('JOIN')
                return f'{word} JOIN'
        if self.take('INNER'):
            self.want('JOIN')
            return 'JOIN'
        return 'JOIN' if self.take('JOIN') else None

    def using(self, scope, before, added, kind):
        self.want('(')
        names = self.listed(self.name)
        self.want(')')
        tests = []
        for name in names:
            pair = []
            for sources in before, added:
                found = [(source, column) for source in sources for column in source.columns
                         if column[0].lower() == name.lower()]
                if not found:
                    raise invalid(f'Column {name} in USING clause not found', self.token.place)
                pair.append(self.read(*found[0]))
            tests.append(self.compared(pair[0], '=', pair[1], self.token.place).sql)
            merged = Expr(f'COALESCE({pair[0].sql}, {pair[1].sql})', pair[0].kind, pair)
            scope.merged[name.lower()] = merged if kind == 'FULL JOIN' else pair[kind == 'RIGHT JOIN']
        return ' AND '.join(tests)

    def from_item(self, scope):
        place = self.token.place
        if self.take('UNNEST'):
            return self.unnest(scope)
        self.count += 1
        inner = f'{{}}#{self.count}'
        if self.take('('):
            if not (self.ahead('SELECT') or self.ahead('WITH') or self.ahead('(')):
                sql = self.from_items(scope)
                self.want(')')
                return f'({sql})'
            self.scope, saved = scope.outer, self.scope
            query = self.query()
            self.scope = saved
            self.want(')')
            return self.subquery(scope, query, self.table_alias() or '', inner)
        path = self.path()
        named = next((found[path[0].lower()] for found in reversed(self.queries)
                      if len(path) == 1 and path[0].lower() in found), None)
        alias = self.table_alias()
        if named:
            return self.subquery(scope, named, alias or path[0], inner)
        return self.table_source(scope, path, alias or path[-1], inner, place)

    def table_source(self, scope, path, alias, inner, place):
        table = self.find_table(path, place)
        sql = quote(inner.format(alias))
        columns = [(name, kind, f'{sql}.{quote(name)}') for name, kind in table.columns().items()]
        self.add_source(scope, Source(alias, columns, (table.dataset, table.name), sql), place)
        return f'{table.sql} AS {sql}'

    def subquery(self, scope, query, alias, inner):
        sql = quote(inner.format(alias))
        columns = [(name, kind, f'{sql}."c{index}"')
                   for index, (name, kind) in enumerate(query.columns, 1)]
        self.add_source(scope, Source(alias, columns, sql=sql), self.token.place)
        return f'({query.sql}) AS {sql}'

    def unnest(self, scope):
        self.want('(')
        array = self.expression()
        self.want(')')
        if not isinstance(array.kind, tuple) or array.kind[0] != 'ARRAY':
            raise invalid('Values referenced in UNNEST must be arrays', self.token.place)
        alias = self.table_alias()
        self.count += 1
        sql = quote(f'{alias or ""}#{self.count}')
        columns = [(alias or '', array.kind[1], f'{sql}.value')]
        if self.take('WITH', 'OFFSET'):
            columns.append((self.table_alias() or 'offset', 'INT64', f'{sql}.key'))
        self.add_source(scope, Source('', columns, sql=sql), self.token.place)
        return f'json_each({array.sql}) AS {sql}'

    def add_source(self, scope, source, place):
        if source.name and any(other.name.lower() == source.name.lower()
                               for other in scope.sources):
            raise invalid(f'Duplicate table alias {source.name} in the same FROM clause', place)
        scope.sources.append(source)

    def table_alias(self):
        if self.take('AS'):
            return self.name()
        if self.token.kind == 'quoted' or self.token.kind == 'word' and (
                self.token.up not in RESERVED):
            return self.name()
        return None


def nested(expr):
    """The expression as a value within JSON"""
    return f'json({expr.sql})' if isinstance(expr.kind, tuple) else expr.sql

