# SPDX-License-Identifier: ISC
"""bqtables - datasets and tables, kept in one SQLite database in memory"""
import base64
import hashlib
import re
import sqlite3
import time
from decimal import Decimal

import bqvalues


class JobError(Exception):
    """Why a job failed: reason, message; errors: further entries of errors[]"""

    def __init__(self, reason, message, errors=()):
        super().__init__(message)
        self.reason, self.message, self.errors = reason, message, list(errors)


def now():
    """Milliseconds since 1970"""
    return int(time.time() * 1000)


def etag(*what):
    return base64.b64encode(hashlib.md5(repr(what).encode()).digest()).decode()


def quote(name):
    return '"' + name.replace('"', '""') + '"'


def schema_problem(fields):
    """What is wrong with a list of fields of the API, or None"""
    known = {'name', 'type', 'mode', 'description', 'fields', 'precision', 'scale', 'maxLength',
             'policyTags', 'defaultValueExpression', 'timestampPrecision'}
    if not isinstance(fields, list) or not fields:
        return 'Schema has no fields.'
    seen = set()
    for field in fields:
        if not isinstance(field, dict) or set(field) - known:
            return f'Unknown member of field {field}.'
        name, kind = field.get('name'), field.get('type')
        if not isinstance(name, str) or not re.fullmatch('[A-Za-z_][A-Za-z0-9_]{0,299}', name):
            return (f'Invalid field name "{name}". Fields must contain the allowed characters,'
                    ' and be at most 300 characters long.')
        if name.lower() in seen:
            return f'Duplicate field name: {name}'
        seen.add(name.lower())
        if not isinstance(kind, str) or bqvalues.normal(kind) not in bqvalues.TYPES:
            return f'Invalid value for type: {kind} is not a valid value'
        if str(field.get('mode', 'NULLABLE')).upper() not in ('NULLABLE', 'REQUIRED', 'REPEATED'):
            return f'Invalid value for mode: {field["mode"]} is not a valid value'
        if not isinstance(field.get('description', ''), str):
            return 'Invalid value for description.'
    return None


def api_fields(fields):
    """As the API gives them back"""
    return [{'mode': 'NULLABLE', **field,
             'type': bqvalues.API_NAMES.get(bqvalues.normal(field['type']),
                                            bqvalues.normal(field['type'])),
             **({'mode': field['mode'].upper()} if 'mode' in field else {})}
            for field in fields]


def partition_problem(given, fields):
    """What is wrong with timePartitioning and clustering, or None"""
    kinds = {field['name']: bqvalues.normal(field['type']) for field in fields}
    partition, cluster = given.get('timePartitioning'), given.get('clustering')
    if partition is not None:
        if set(partition) - {'type', 'field', 'expirationMs', 'requirePartitionFilter'}:
            return 'Unknown member of timePartitioning.'
        if partition.get('type') not in ('HOUR', 'DAY', 'MONTH', 'YEAR'):
            return f"Invalid value for timePartitioning type: {partition.get('type')}"
        column = partition.get('field')
        if column is not None and kinds.get(column) not in ('TIMESTAMP', 'DATE', 'DATETIME'):
            return (f'The field specified for partitioning cannot be found in the schema or is not'
                    f' TIMESTAMP, DATE or DATETIME: {column}')
        if kinds.get(column) == 'DATE' and partition['type'] == 'HOUR':
            return 'A DATE cannot be partitioned by HOUR.'
    if cluster is not None:
        names = cluster.get('fields')
        if set(cluster) != {'fields'} or not isinstance(names, list) or not 1 <= len(names) <= 4:
            return 'Clustering is limited to 1 to 4 fields.'
        for name in names:
            if kinds.get(name, 'FLOAT64') in ('FLOAT64', 'TIME', 'BYTES', 'JSON', 'STRUCT'):
                return f'Field {name} is not found in the schema or cannot be clustered by.'
    return None


class Table:
    """meta: members of its resource that a client may set, but for the schema"""

    def __init__(self, dataset, name, fields, meta=(), rows=None):
        self.dataset, self.name = dataset, name
        self.fields, self.meta = api_fields(fields), dict(meta)
        self.created = self.modified = now()
        self.rows = rows  # how many, of a table whose rows are made up
        self.sql = quote(f'{dataset}.{name}')

    def kinds(self):
        return [bqvalues.field_type(field) for field in self.fields]

    def columns(self):
        """name -> type"""
        return {field['name']: bqvalues.field_type(field) for field in self.fields}

    def required(self):
        return {field['name'] for field in self.fields if field['mode'] == 'REQUIRED'}

    def touch(self):
        self.modified = max(now(), self.modified + 1)

    def ddl(self, temporary=False):
        parts = [quote(field['name']) + (' NOT NULL' if field['mode'] == 'REQUIRED' else '')
                 for field in self.fields]
        return f"CREATE {'TEMP ' if temporary else ''}TABLE {self.sql} ({', '.join(parts)})"

    def expired(self):
        return 'expirationTime' in self.meta and int(self.meta['expirationTime']) <= now()


class Dataset:
    def __init__(self, name, location, given):
        self.name, self.location, self.given = name, location, given
        self.created = now()

    def resource(self, project):
        return {'kind': 'bigquery#dataset', 'etag': etag(self.name, self.created),
                'id': f'{project}:{self.name}',
                'selfLink': f'https://bigquery.googleapis.com/bigquery/v2/projects/{project}'
                            f'/datasets/{self.name}',
                'datasetReference': {'datasetId': self.name, 'projectId': project},
                'location': self.location, 'creationTime': str(self.created),
                'lastModifiedTime': str(self.created), 'type': 'DEFAULT', **self.given}


class Catalog:
    """All that is stored"""

    def __init__(self, project, functions):
        self.project = project
        self.db = sqlite3.connect(':memory:', isolation_level=None, check_same_thread=False)
        self.raised = None  # the JobError behind the failure of a function
        self.db.create_collation('decimal', compare_decimals)
        functions(self)
        self.datasets, self.tables = {}, {}
        self.depth = 0

    def function(self, name, count, call):
        """Registers a function of SQL, whose JobError is the statement's"""
        def guarded(*args):
            try:
                return call(*args)
            except JobError as error:
                self.raised = error
                raise
        self.db.create_function(name, count, guarded)

    def execute(self, sql, values=()):
        self.raised = None
        try:
            return self.db.execute(sql, values)
        except sqlite3.IntegrityError as error:
            name = str(error).rpartition('.')[2]
            raise JobError('invalidQuery', f'Required field {name} cannot be null') from error
        except sqlite3.Error as error:
            if self.raised:
                raise self.raised from error
            if 'overflow' in str(error):
                raise JobError('invalidQuery', f'{error}') from error
            raise JobError('invalidQuery', f'{error} in what was made of the query: {sql}') from error

    def fetch(self, cursor):
        """All rows; what fails while they are computed is the statement's failure"""
        try:
            return cursor.fetchall()
        except sqlite3.Error as error:
            raise self.raised or JobError('invalidQuery', str(error)) from error

    # atomic changes, which may be nested

    def begin(self):
        self.depth += 1
        self.db.execute(f'SAVEPOINT s{self.depth}')
        return dict(self.datasets), dict(self.tables)

    def commit(self):
        self.db.execute(f'RELEASE s{self.depth}')
        self.depth -= 1

    def rollback(self, state):
        self.db.execute(f'ROLLBACK TO s{self.depth}')
        self.db.execute(f'RELEASE s{self.depth}')
        self.depth -= 1
        self.datasets, self.tables = state

    # what is there

    def find(self, dataset, name):
        table = self.tables.get((dataset, name))
        if table and table.expired():
            self.drop(table)
            return None
        return table

    def add(self, table):
        self.execute(table.ddl())
        self.tables[table.dataset, table.name] = table

    def drop(self, table):
        self.execute(f'DROP TABLE {table.sql}')
        del self.tables[table.dataset, table.name]

    def change_fields(self, table, fields):
        """The same rows with more columns, or with columns that may be NULL"""
        new = Table(table.dataset, table.name, fields, table.meta)
        new.created = table.created
        old = [quote(field['name']) for field in table.fields]
        self.execute(f'ALTER TABLE {table.sql} RENAME TO "old"')
        self.execute(new.ddl())
        self.execute(f"INSERT INTO {new.sql} ({', '.join(old)}) SELECT * FROM \"old\"")
        self.execute('DROP TABLE "old"')
        self.tables[table.dataset, table.name] = new
        return new

    def insert(self, table, fields, rows):
        names = ', '.join(quote(field['name']) for field in fields)
        marks = ', '.join('?' * len(fields))
        self.db.executemany(f'INSERT INTO {table.sql} ({names}) VALUES ({marks})', rows)
        table.touch()

    def count(self, table):
        if table.rows is not None:
            return table.rows
        return self.execute(f'SELECT COUNT(*) FROM {table.sql}').fetchone()[0]

    def size(self, table, names=None):
        """The bytes of a table, or of some of its columns"""
        kinds = {name: kind for name, kind in table.columns().items()
                 if names is None or name in names}
        if table.rows is not None:
            return table.rows * 8 * len(kinds)
        if not kinds:
            return 0
        rows = self.execute(f"SELECT {', '.join(map(quote, kinds))} FROM {table.sql}")
        return sum(bqvalues.size(kind, value) for row in rows
                   for kind, value in zip(kinds.values(), row))

    def table_resource(self, table, brief=False):
        project, dataset = self.project, table.dataset
        value = {'kind': 'bigquery#table', 'id': f'{project}:{dataset}.{table.name}',
                 'tableReference': {'projectId': project, 'datasetId': dataset,
                                    'tableId': table.name},
                 'type': 'TABLE', 'creationTime': str(table.created), **table.meta}
        if not brief:
            value.update({
                'etag': etag(dataset, table.name, table.created, table.modified),
                'selfLink': f'https://bigquery.googleapis.com/bigquery/v2/projects/{project}'
                            f'/datasets/{dataset}/tables/{table.name}',
                'schema': {'fields': table.fields}, 'numRows': str(self.count(table)),
                'numBytes': str(self.size(table)), 'numLongTermBytes': '0',
                'lastModifiedTime': str(table.modified),
                'location': self.datasets[dataset].location})
        return value


def compare_decimals(a, b):
    a, b = Decimal(a), Decimal(b)
    return (a > b) - (a < b)
