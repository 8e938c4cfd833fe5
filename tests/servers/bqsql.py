# SPDX-License-Identifier: ISC
"""
bqsql - scripts of GoogleSQL, run by SQLite

One statement, or several with BEGIN TRANSACTION, COMMIT, ROLLBACK, DECLARE, SET
and ASSERT between them. Statements and transactions are done wholly or not.
"""
import json

import bqvalues
from bqexpr import Expr, Parser, Scope, Source, kind_text
from bqfunctions import functions
from bqlex import invalid, tokens
from bqtables import JobError, Table, partition_problem, quote

__all__ = 'Script', 'functions', 'first_dataset'
BILLED = 10 << 20  # bytes that a query is billed for at least, if it reads any


class Outcome:
    """kind: the statement's type; fields: of the result, or None; dml: counts of a change"""

    def __init__(self, kind, fields=None, rows=(), affected=None, dml=None):
        self.kind, self.fields, self.rows = kind, fields, rows
        self.affected, self.dml = affected, dml
        self.statements = 1


class Script(Parser):
    """own: the configuration of a query job"""

    def __init__(self, catalog, location, own):
        super().__init__(own['query'], parameters(own))
        self.catalog, self.location = catalog, location
        self.default = own.get('defaultDataset', {}).get('datasetId')
        self.most = own.get('maximumBytesBilled')
        self.temporary, self.transaction = {}, None
        self.bytes = self.billed = 0
        self.dry = False
        while self.take(';'):
            pass
        if self.token.kind == 'end':
            raise invalid('Syntax error: Unexpected end of statement', self.token.place)
        self.several = any(token.up == ';' and later.kind != 'end' and later.up != ';'
                           for token, later in zip(self.tokens, self.tokens[1:]))

    # what there is

    def find_table(self, path, place):
        if len(path) == 1 and path[0] in self.temporary:
            return self.temporary[path[0]]
        if len(path) == 1:
            if self.default is None:
                raise invalid(f'Table "{path[0]}" must be qualified with a dataset (e.g.'
                              ' dataset.table).', place)
            path = [self.default, *path]
        project = '.'.join(path[:-2]) or self.catalog.project
        dataset, name = path[-2:]
        if project != self.catalog.project:
            raise JobError('accessDenied', f'Access Denied: Project {project}: User does not have'
                           ' bigquery.jobs.create permission in project.')
        place_of = self.catalog.datasets.get(dataset)
        if place_of is None or place_of.location.lower() != self.location.lower():
            raise JobError('notFound', f'Not found: Dataset {project}:{dataset} was not found in'
                           f' location {self.location}')
        table = self.catalog.find(dataset, name)
        if table is None:
            raise JobError('notFound', f'Not found: Table {project}:{dataset}.{name} was not found'
                           f' in location {self.location}')
        if table.rows is not None and not self.made_up(table):
            raise invalid('Of a table that is made up there is SELECT * alone', place)
        return table

    def made_up(self, table):
        """True if the statement is nothing but SELECT * FROM the table"""
        words = [token.up for token in self.tokens[:3]]
        return not self.several and words == ['SELECT', '*', 'FROM'] and table is not None

    # running

    def run(self, dry=False):
        self.dry = dry
        outcome, count, select = None, 0, None
        try:
            while self.token.kind != 'end':
                outcome = self.statement()
                count += 1
                if outcome.kind == 'SELECT':
                    select = outcome
                if self.token.kind != 'end' and not self.take(';'):
                    raise self.unexpected()
                while self.take(';'):
                    pass
        except JobError as error:
            if self.transaction:
                self.catalog.rollback(self.transaction)
            if self.several and error.reason == 'invalidQuery':
                raise JobError(error.reason, f'Query error: {error.message}') from error
            raise
        finally:
            self.drop_temporary()
        if self.transaction:
            self.catalog.rollback(self.transaction)
        if self.several:
            outcome = select or Outcome('SCRIPT')
            outcome.kind, outcome.statements = 'SCRIPT', count
        return outcome

    def drop_temporary(self):
        for table in self.temporary.values():
            self.catalog.execute(f'DROP TABLE IF EXISTS {table.sql}')

    def statement(self):
        self.reads = set()
        place, word = self.token.place, self.token.up
        if word in ('SELECT', 'WITH', '('):
            return self.run_select()
        call = {'INSERT': self.insert, 'DELETE': self.delete, 'UPDATE': self.update,
                'TRUNCATE': self.truncate, 'MERGE': self.merge, 'CREATE': self.create,
                'DROP': self.drop}.get(word)
        if call:
            self.at += 1
            return self.atomic(call, place)
        control = {'BEGIN': self.begin, 'COMMIT': self.commit, 'ROLLBACK': self.rollback,
                   'DECLARE': self.declare, 'SET': self.assign, 'ASSERT': self.assertion}.get(word)
        if control is None:
            raise self.unexpected()
        self.at += 1
        control(place)
        return Outcome(word)

    def atomic(self, call, place):
        state = self.catalog.begin()
        try:
            outcome = call(place)
        except BaseException:
            self.catalog.rollback(state)
            raise
        self.catalog.commit()
        if outcome.affected is not None:
            self.variables['@@row_count'] = outcome.affected
        return outcome

    def pay(self):
        """Counts what a statement has read, and stops at the limit"""
        columns = {}
        for key, name in self.reads:
            columns.setdefault(key, set()).add(name)
        size = sum(self.catalog.size(self.catalog.tables[key], names)
                   for key, names in columns.items() if key in self.catalog.tables)
        self.bytes += size
        billed = max(size, BILLED) if size else 0
        self.billed += billed
        if self.most is not None and self.billed > int(self.most) and not self.dry:
            raise JobError('bytesBilledLimitExceeded', f'Query exceeded limit for bytes billed:'
                           f' {self.most}. {self.billed} or higher required.')

    def run_select(self):
        query = self.query()
        self.pay()
        fields = [bqvalues.field(name, kind)
                  for name, (_, kind) in zip(distinct_names(query.columns), query.columns)]
        if self.dry:
            return Outcome('SELECT', fields)
        made_up = [self.catalog.tables[key] for key, _ in self.reads
                   if key in self.catalog.tables and self.catalog.tables[key].rows is not None]
        if made_up:
            return Outcome('SELECT', fields, MadeUp(made_up[0].rows))
        rows = self.catalog.execute(query.sql)
        return Outcome('SELECT', fields, self.catalog.fetch(rows))

    # control

    def begin(self, place):
        if not self.take('TRANSACTION') and not self.ahead(';'):
            raise invalid('BEGIN ... END is not played here', place)
        if not self.several:
            raise invalid('Transaction control statements are supported only in scripts or'
                          ' sessions', place)
        if self.transaction:
            raise invalid('Nested transactions are not supported.', place)
        self.transaction = self.catalog.begin()

    def commit(self, place):
        self.take('TRANSACTION')
        if not self.transaction:
            raise invalid('There is no active transaction to commit.', place)
        self.transaction = None
        self.catalog.commit()

    def rollback(self, place):
        self.take('TRANSACTION')
        if not self.transaction:
            raise invalid('There is no active transaction to roll back.', place)
        state, self.transaction = self.transaction, None
        self.catalog.rollback(state)

    def declare(self, _):
        names = self.listed(self.name)
        kind = None if self.ahead('DEFAULT') else self.type()
        value = Expr('NULL', kind)
        if self.take('DEFAULT'):
            value = self.expression()
        for name in names:
            self.set_variable(name, kind or value.kind, value)

    def assign(self, place):
        name = self.name()
        if name.lower() not in self.variables:
            raise invalid(f'Undeclared variable: {name}', place)
        self.want('=')
        self.set_variable(name, self.variables[name.lower()][0], self.expression())

    def set_variable(self, name, kind, expr):
        found = self.coerced(expr, kind)
        if found is None:
            raise invalid(f'Cannot coerce expression to type {kind_text(kind)}', self.token.place)
        self.pay()
        value = self.catalog.execute(f'SELECT {found.sql}').fetchone()[0]
        self.variables[name.lower()] = kind, value

    def assertion(self, place):
        expr = self.condition(self.expression(), 'ASSERT', place)
        message = ''
        if self.take('AS'):
            if self.token.kind != 'string':
                raise self.unexpected()
            message = ': ' + self.token.text
            self.at += 1
        self.pay()
        if not self.dry and not self.catalog.execute(f'SELECT {expr.sql}').fetchone()[0]:
            raise invalid(f'Assertion failed{message}', place)

    # changes

    def target(self):
        place = self.token.place
        path = self.path()
        table = self.find_table(path, place)
        if table.rows is not None:
            raise invalid('A table that is made up cannot be changed', place)
        return table

    def assigned(self, table, name, expr, place):
        """The expression as a value for a column"""
        column = next((field for field in table.fields if field['name'].lower() == name.lower()),
                      None)
        if column is None:
            raise invalid(f'Column {name} is not present in table {table.dataset}.{table.name}',
                          place)
        kind = bqvalues.field_type(column)
        found = self.coerced(expr, kind)
        if found is None:
            raise invalid(f'Value has type {kind_text(expr.kind)} which cannot be inserted into'
                          f' column {name}, which has type {kind_text(kind)}', place)
        return column['name'], found

    def insert(self, place):
        self.take('INTO')
        table = self.target()
        if self.take('('):
            names = self.listed(self.name)
            self.want(')')
        else:
            names = [field['name'] for field in table.fields]
        query = self.values(table, names) if self.take('VALUES') else self.inserted(table, names)
        return self.insert_query(table, query, place)

    def values(self, table, names):
        rows = self.listed(lambda: self.value_row(table, names))
        return names, ' UNION ALL '.join(f"SELECT {', '.join(row)}" for row in rows)

    def value_row(self, table, names):
        place = self.token.place
        self.want('(')
        exprs = self.listed(self.expression)
        self.want(')')
        return self.matched(table, names, exprs, place)

    def matched(self, table, names, exprs, place):
        """SQL of a value for each column named"""
        if len(exprs) != len(names):
            raise invalid(f'Inserted row has wrong column count; Has {len(exprs)}, expected'
                          f' {len(names)}', place)
        if len({name.lower() for name in names}) != len(names):
            raise invalid('A column is listed twice', place)
        return [self.assigned(table, name, expr, place)[1].sql
                for name, expr in zip(names, exprs)]

    def inserted(self, table, names):
        place = self.token.place
        query = self.query()
        exprs = [Expr(f'"c{index}"', kind) for index, (_, kind) in enumerate(query.columns, 1)]
        return names, f"SELECT {', '.join(self.matched(table, names, exprs, place))}" \
                      f' FROM ({query.sql})'

    def insert_query(self, table, query, _):
        names, sql = query
        self.pay()
        count = self.change(table, f"INSERT INTO {table.sql} ({', '.join(map(quote, names))}) {sql}")
        return Outcome('INSERT', affected=count, dml={'insertedRowCount': count})

    def change(self, table, sql):
        count = self.catalog.execute(sql).rowcount
        table.touch()
        return count

    def scope_of(self, table, alias):
        """A scope in which the table is, under its SQL name or, if it is not changed, an alias"""
        scope = Scope()
        columns = [(name, kind, f'{table.sql}.{quote(name)}')
                   for name, kind in table.columns().items()]
        self.add_source(scope, Source(alias, columns, (table.dataset, table.name), table.sql),
                        self.token.place)
        return scope

    def where(self, what):
        if not self.take('WHERE'):
            raise invalid(f'{what} must have a WHERE clause', self.token.place)
        return self.condition(self.expression(), 'WHERE clause', self.token.place).sql

    def delete(self, _):
        self.take('FROM')
        table = self.target()
        self.scope = self.scope_of(table, self.table_alias() or table.name)
        sql = self.where('DELETE')
        self.scope = None
        self.pay()
        count = self.change(table, f'DELETE FROM {table.sql} WHERE {sql}')
        return Outcome('DELETE', affected=count, dml={'deletedRowCount': count})

    def update(self, place):
        table = self.target()
        self.scope = self.scope_of(table, self.table_alias() or table.name)
        self.want('SET')
        sets = self.listed(lambda: self.setting(table))
        if self.ahead('FROM'):
            raise invalid('UPDATE ... FROM is not played here', place)
        sql = self.where('UPDATE')
        self.scope = None
        self.pay()
        count = self.change(table, f"UPDATE {table.sql} SET "
                            + ', '.join(f'{quote(name)} = {expr.sql}' for name, expr in sets)
                            + f' WHERE {sql}')
        return Outcome('UPDATE', affected=count, dml={'updatedRowCount': count})

    def setting(self, table):
        place = self.token.place
        path = self.path()
        self.want('=')
        return self.assigned(table, path[-1], self.expression(), place)

    def truncate(self, _):
        self.want('TABLE')
        table = self.target()
        count = self.change(table, f'DELETE FROM {table.sql} WHERE TRUE')
        return Outcome('TRUNCATE_TABLE', affected=count, dml={'deletedRowCount': count})

    # MERGE: the rows of the source and the pairs that match are kept in
    # temporary tables, then what each clause does is computed, then it is done

    def merge(self, place):
        self.take('INTO')
        table = self.target()
        alias = self.table_alias() or table.name
        self.want('USING')
        holder = Scope()
        source = self.from_item(holder)
        given = holder.sources[0]
        self.want('ON')
        self.catalog.execute('CREATE TEMP TABLE merge_source AS SELECT '
                             + (', '.join(f'{sql} AS {quote(name)}'
                                          for name, _, sql in given.columns))
                             + f' FROM {source}')
        inner = Source(given.name, [(name, kind, f'merge_source.{quote(name)}')
                                    for name, kind, _ in given.columns], given.table)
        self.scope = self.scope_of(table, alias)
        self.add_source(self.scope, inner, place)
        test = self.condition(self.expression(), 'MERGE condition', place)
        self.catalog.execute(f'CREATE TEMP TABLE merge_pair AS SELECT {table.sql}.rowid AS "t#",'
                             f' merge_source.rowid AS "s#" FROM {table.sql} JOIN merge_source'
                             f' ON {test.sql}')
        try:
            plans = []
            while self.take('WHEN'):
                plans.append(self.merge_clause(table))
            if not plans:
                raise self.unexpected()
            self.pay()
            return self.merge_all(table, plans)
        finally:
            self.scope = None
            for name in 'merge_source', 'merge_pair', 'merge_done':
                self.catalog.execute(f'DROP TABLE IF EXISTS temp.{name}')

    def merge_clause(self, table):
        """(what is done, to which columns, SQL of rows: target, source, values)"""
        place = self.token.place
        negative = self.take('NOT')
        self.want('MATCHED')
        side = 'MATCHED'
        if negative:
            side = 'TARGET'
            if self.take('BY'):
                side = self.token.up
                if side not in ('TARGET', 'SOURCE'):
                    raise self.unexpected()
                self.at += 1
        rows = {
            'MATCHED': f'merge_pair JOIN {table.sql} ON {table.sql}.rowid = "t#"'
                       ' JOIN merge_source ON merge_source.rowid = "s#" WHERE TRUE',
            'TARGET': '(SELECT NULL AS "t#", rowid AS "s#" FROM merge_source) JOIN merge_source ON'
                      ' merge_source.rowid = "s#" WHERE "s#" NOT IN (SELECT "s#" FROM merge_pair)',
            'SOURCE': f'(SELECT rowid AS "t#", NULL AS "s#" FROM {table.sql}) JOIN {table.sql} ON'
                      f' {table.sql}.rowid = "t#" WHERE "t#" NOT IN (SELECT "t#" FROM merge_pair)'}
        sql = rows[side]
        sources = self.scope.sources
        self.scope.sources = {'MATCHED': sources, 'TARGET': sources[1:], 'SOURCE': sources[:1]}[side]
        if self.take('AND'):
            sql += ' AND ' + self.condition(self.expression(), 'MERGE condition', place).sql
        self.want('THEN')
        what = self.token.up
        if what not in (('INSERT',) if side == 'TARGET' else ('UPDATE', 'DELETE')):
            raise self.unexpected()
        self.at += 1
        columns, values = self.merge_action(table, what)
        self.scope.sources = sources
        outputs = ', '.join(['"t#"', '"s#"', *values])
        return what, columns, f'SELECT {outputs} FROM {sql}'

    def merge_action(self, table, what):
        place = self.token.place
        if what == 'DELETE':
            return [], []
        if what == 'UPDATE':
            self.want('SET')
            sets = self.listed(lambda: self.setting(table))
            return [name for name, _ in sets], [expr.sql for _, expr in sets]
        columns = [field['name'] for field in table.fields]
        if self.take('ROW'):
            exprs = [self.read(self.scope.sources[0], column)
                     for column in self.scope.sources[0].columns]
            return columns, self.matched(table, columns, exprs, place)
        if self.take('('):
            columns = self.listed(self.name)
            self.want(')')
        if not self.take('VALUES'):
            self.want('ROW')
            return columns, self.matched(table, columns, [
                self.read(self.scope.sources[0], column)
                for column in self.scope.sources[0].columns], place)
        return columns, self.value_row(table, columns)

    def merge_all(self, table, plans):
        done = self.catalog.execute
        done('CREATE TEMP TABLE merge_done ("t#", "s#")')
        counts = dict.fromkeys(('INSERT', 'UPDATE', 'DELETE'), 0)
        for number, (what, columns, sql) in enumerate(plans):
            names = ', '.join(['"t#"', '"s#"', *(f'v{index}' for index in range(len(columns)))])
            done(f'CREATE TEMP TABLE merge_{number} ({names})')
            done(f'INSERT INTO merge_{number} SELECT * FROM ({sql}) AS w WHERE NOT EXISTS (SELECT 1'
                 ' FROM merge_done AS d WHERE d."t#" IS w."t#" AND d."s#" IS w."s#")')
            done(f'INSERT INTO merge_done SELECT "t#", "s#" FROM merge_{number}')
        twice = done('SELECT 1 FROM merge_done WHERE "t#" IS NOT NULL GROUP BY "t#"'
                     ' HAVING COUNT(*) > 1').fetchone()
        if twice:
            raise invalid('UPDATE/MERGE must match at most one source row for each target row')
        for number, (what, columns, _) in enumerate(plans):
            counts[what] += self.merge_step(table, f'merge_{number}', what, columns)
            done(f'DROP TABLE temp.merge_{number}')
        return Outcome('MERGE', affected=sum(counts.values()), dml={
            'insertedRowCount': counts['INSERT'], 'updatedRowCount': counts['UPDATE'],
            'deletedRowCount': counts['DELETE']})

    def merge_step(self, table, rows, what, columns):
        if what == 'DELETE':
            return self.change(table, f'DELETE FROM {table.sql} WHERE rowid IN'
                                      f' (SELECT "t#" FROM {rows})')
        if what == 'INSERT':
            values = ', '.join(f'v{index}' for index in range(len(columns)))
            return self.change(table, f"INSERT INTO {table.sql} ({', '.join(map(quote, columns))})"
                                      f' SELECT {values} FROM {rows}')
        sets = ', '.join(f'{quote(name)} = w.v{index}' for index, name in enumerate(columns))
        return self.change(table, f'UPDATE {table.sql} SET {sets} FROM {rows} AS w'
                                  f' WHERE w."t#" = {table.sql}.rowid')

    # definitions

    def create(self, place):
        replace = self.take('OR', 'REPLACE')
        temporary = self.take('TEMP') or self.take('TEMPORARY')
        if not self.take('TABLE'):
            raise invalid(f'CREATE {self.token.text} is not played here', place)
        unless = self.take('IF', 'NOT', 'EXISTS')
        if temporary and not self.several:
            raise invalid('Use of CREATE TEMPORARY TABLE requires a script or session', place)
        if self.transaction and not temporary:
            raise invalid('DDL statements are not supported in a transaction, except for those'
                          ' that operate on temporary tables', place)
        path = self.path()
        fields = self.columns_defined() if self.take('(') else None
        meta = self.table_options()
        query = None
        if self.take('AS'):
            query = self.query()
            self.pay()
            if self.duplicate(query.columns):
                raise invalid('CREATE TABLE has columns with duplicate name', place)
        fields = fields or query and [bqvalues.field(*column) for column in query.columns]
        if not fields:
            raise self.unexpected()
        self.created(path, fields, meta, query, (replace, unless, temporary), place)
        return Outcome('CREATE_TABLE_AS_SELECT' if query else 'CREATE_TABLE')

    def duplicate(self, columns):
        names = [name.lower() for name, _ in columns]
        return len(set(names)) != len(names)

    def created(self, path, fields, meta, query, how, place):
        replace, unless, temporary = how
        rows = self.catalog.execute(query.sql).fetchall() if query else []
        if temporary:
            if len(path) != 1 or path[0] in self.temporary:
                raise invalid(f'Already Exists: Table {path[-1]}, or a temporary table with a'
                              ' dataset', place)
            self.count += 1
            table = Table('temporary', f'{path[0]}#{self.count}', fields)
            self.catalog.execute(table.ddl(temporary=True))
            self.temporary[path[0]] = table
        else:
            path = path if len(path) > 1 else [self.default or '', *path]
            if path[-2] not in self.catalog.datasets:
                raise JobError('notFound', f'Not found: Dataset {self.catalog.project}:{path[-2]}'
                               f' was not found in location {self.location}')
            old = self.catalog.find(path[-2], path[-1])
            if old and unless:
                return
            if old and not replace:
                raise JobError('duplicate', f"Already Exists: Table {self.catalog.project}:"
                               f"{'.'.join(path[-2:])}")
            if old:
                self.catalog.drop(old)
            problem = partition_problem(meta, fields)
            if problem:
                raise invalid(problem, place)
            table = Table(path[-2], path[-1], fields, meta)
            self.catalog.add(table)
        if query:
            self.catalog.insert(table, fields, rows)

    def columns_defined(self):
        fields = self.listed(self.column_defined)
        self.want(')')
        return fields

    def column_defined(self):
        name, kind = self.name(), self.type()
        field = bqvalues.field(name, kind)
        if self.take('NOT', 'NULL'):
            field['mode'] = 'REQUIRED'
        description = self.table_option_list().get('description')
        if description:
            field['description'] = description
        return field

    def table_option_list(self):
        values = {}
        if self.take('OPTIONS', '('):
            while not self.take(')'):
                name = self.name()
                self.want('=')
                expr = self.expression()
                values[name] = expr.literal if expr.literal is not None else expr.sql
                self.take(',')
        return values

    def table_options(self):
        meta = {}
        if self.take('PARTITION', 'BY'):
            meta['timePartitioning'] = self.partitioning()
        if self.take('CLUSTER', 'BY'):
            meta['clustering'] = {'fields': self.listed(self.name)}
        description = self.table_option_list().get('description')
        if description:
            meta['description'] = description
        return meta

    def partitioning(self):
        name, part = self.name(), 'DAY'
        if name.upper() in ('DATE', 'TIMESTAMP_TRUNC', 'DATE_TRUNC') and self.take('('):
            name = self.name()
            if self.take(','):
                part = self.part()
            self.want(')')
        return {'type': part, 'field': name}

    def drop(self, place):
        self.want('TABLE')
        lenient = self.take('IF', 'EXISTS')
        path = self.path()
        if len(path) == 1 and path[0] in self.temporary:
            self.catalog.execute(f'DROP TABLE {self.temporary.pop(path[0]).sql}')
            return Outcome('DROP_TABLE')
        if self.transaction:
            raise invalid('DDL statements are not supported in a transaction', place)
        table = self.catalog.find(*path[-2:]) if len(path) > 1 else None
        if table:
            self.catalog.drop(table)
        elif not lenient:
            raise JobError('notFound', f"Not found: Table {self.catalog.project}:"
                           f"{'.'.join(path[-2:])}")
        return Outcome('DROP_TABLE')


class MadeUp:
    """The rows of a table that is computed"""
    FIELDS = [{'name': 'n', 'type': 'INT64'}, {'name': 'at', 'type': 'TIMESTAMP'},
              {'name': 'amount', 'type': 'NUMERIC'}, {'name': 'name', 'type': 'STRING'}]

    def __init__(self, count):
        self.count = count

    def __len__(self):
        return self.count

    @staticmethod
    def text(first, end):
        """Rows in JSON, with timestamps as integers"""
        row = '{"f":[{"v":"%d"},{"v":"%d000000"},{"v":"%d.25"},{"v":"row %d"}]}'
        return ',\n'.join([row % (n, n, n, n) for n in range(first, end)])


def distinct_names(columns):
    names, seen = [], set()
    for name, _ in columns:
        new, count = name, 0
        while new.lower() in seen:
            count += 1
            new = f'{name}_{count}'
        seen.add(new.lower())
        names.append(new)
    return names


def first_dataset(text, datasets):
    """The first dataset that is named in a query, or None"""
    try:
        words = [part for token in tokens(text) if token.kind in ('word', 'quoted')
                 for part in token.text.split('.')]
    except JobError:
        return None
    return next((word for word in words if word in datasets), None)


# --- parameters


def parameters(own):
    """name -> (type, value) of a configuration's queryParameters"""
    if 'queryParameters' not in own:
        return {}
    if own['parameterMode'] != 'NAMED':
        raise JobError('invalid', 'Parameters by position are not played here.')
    found = {}
    for given in own['queryParameters']:
        if not isinstance(given, dict) or set(given) - {'name', 'parameterType', 'parameterValue'}:
            raise JobError('invalid', f'Invalid query parameter {given}')
        name = given.get('name', '')
        if not name or name.lower() in found:
            raise JobError('invalidQuery', f'Duplicate parameter {name} or one without a name')
        kind = parameter_type(given.get('parameterType') or {})
        found[name.lower()] = kind, parameter_value(name, kind, given.get('parameterValue') or {})
    return found


def parameter_type(given):
    kind = bqvalues.normal(str(given.get('type')))
    if kind == 'ARRAY':
        return 'ARRAY', parameter_type(given.get('arrayType') or {})
    if kind not in bqvalues.TYPES or kind == 'STRUCT':
        raise JobError('invalid', f'Invalid type of a query parameter: {given}')
    return kind


def parameter_value(name, kind, given):
    if isinstance(kind, tuple):
        values = [parameter_value(name, kind[1], item) for item in given.get('arrayValues', [])]
        return json.dumps(values)
    if set(given) - {'value'}:
        raise JobError('invalid', f'Invalid value of query parameter {name}')
    text = given.get('value')
    if text is None:
        return None
    if not isinstance(text, str):
        raise JobError('invalid', f'The value of query parameter {name} is not a string')
    try:
        return bqvalues.read(kind, text)
    except ValueError as error:
        raise JobError('invalid', f'Invalid value for type: {kind} parameter {name}: {text}'
                       ) from error
