# SPDX-License-Identifier: ISC
"""bqjobs - BigQuery's jobs: what they are told, what they do, how they end"""
import re
import time

import bqcsv
import bqjson
import bqvalues
from bqsql import Script
from bqtables import JobError, Table, etag, now, partition_problem, schema_problem
from cloud import Refusal, merge

STATUS = {'invalidQuery': 400, 'invalid': 400, 'notFound': 404, 'duplicate': 409,
          'accessDenied': 403, 'quotaExceeded': 403, 'rateLimitExceeded': 403,
          'responseTooLarge': 403, 'billingNotEnabled': 403, 'backendError': 503,
          'internalError': 500, 'stopped': 499}
CODES = {400: 'INVALID_ARGUMENT', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND',
         409: 'ALREADY_EXISTS', 499: 'CANCELLED', 500: 'INTERNAL', 503: 'UNAVAILABLE'}

REFERENCE = {'projectId': str, 'datasetId': str, 'tableId': str}
SCHEMA = {'fields': list}
PARTITION = {'type': str, 'field': str, 'expirationMs': 'int64', 'requirePartitionFilter': bool}
LOAD = {
    'sourceUris': [str], 'sourceFormat': str, 'destinationTable': REFERENCE, 'schema': SCHEMA,
    'autodetect': bool, 'createDisposition': str, 'writeDisposition': str,
    'schemaUpdateOptions': [str], 'timePartitioning': PARTITION, 'clustering': {'fields': [str]},
    'maxBadRecords': int, 'ignoreUnknownValues': bool, 'skipLeadingRows': int,
    'fieldDelimiter': str, 'quote': str, 'allowQuotedNewlines': bool, 'allowJaggedRows': bool,
    'encoding': str, 'preserveAsciiControlCharacters': bool, 'nullMarker': str,
    'nullMarkers': [str], 'sourceColumnMatch': str, 'destinationTableProperties':
    {'description': str, 'friendlyName': str, 'labels': dict, 'expirationTime': 'int64'},
}
QUERY = {
    'query': str, 'useLegacySql': bool, 'destinationTable': REFERENCE, 'createDisposition': str,
    'writeDisposition': str, 'defaultDataset': {'projectId': str, 'datasetId': str},
    'maximumBytesBilled': 'int64', 'parameterMode': str, 'queryParameters': list,
    'priority': str, 'useQueryCache': bool,
}
JOB = {
    'jobReference': {'projectId': str, 'jobId': str, 'location': str},
    'configuration': {'labels': dict, 'dryRun': bool, 'jobTimeoutMs': 'int64', 'jobType': str,
                      'load': LOAD, 'query': QUERY},
}
SPELLINGS = {
    'sourceFormat': ('CSV', 'NEWLINE_DELIMITED_JSON'), 'createDisposition': ('CREATE_IF_NEEDED', 'CREATE_NEVER'),
    'writeDisposition': ('WRITE_APPEND', 'WRITE_TRUNCATE', 'WRITE_TRUNCATE_DATA', 'WRITE_EMPTY'),
    'schemaUpdateOptions': ('ALLOW_FIELD_ADDITION', 'ALLOW_FIELD_RELAXATION'),
    'encoding': ('UTF-8', 'ISO-8859-1', 'UTF-16BE', 'UTF-16LE', 'UTF-32BE', 'UTF-32LE'),
    'sourceColumnMatch': ('POSITION', 'NAME'), 'parameterMode': ('NAMED', 'POSITIONAL'),
    'priority': ('INTERACTIVE', 'BATCH'),
}


def refuse(message, reason='invalid'):
    status = STATUS.get(reason, 400)
    return Refusal(status, reason, message, status=CODES[status])


def check(value, spec, path):
    """Refuses members that spec does not have, and values of another type"""
    if isinstance(spec, dict):
        if not isinstance(value, dict):
            raise refuse(f"Invalid value at '{path}': not an object")
        for name, item in value.items():
            if name not in spec:
                raise refuse(f'Invalid JSON payload received. Unknown name "{name}" at'
                             f" '{path}': Cannot find field.")
            check(item, spec[name], f'{path}.{name}')
    elif isinstance(spec, list):
        if not isinstance(value, list):
            raise refuse(f"Invalid value at '{path}': not a list")
        for item in value:
            check(item, spec[0], path)
    elif spec == 'int64':
        if not isinstance(value, str) or not re.fullmatch('-?[0-9]{1,19}', value):
            raise refuse(f"Invalid value at '{path}': want a string of digits")
    elif not isinstance(value, spec) or spec is int and isinstance(value, bool):
        raise refuse(f"Invalid value at '{path}': {value!r}")
    known = SPELLINGS.get(path.rpartition('.')[2])
    if known and isinstance(value, str) and value not in known:
        raise refuse(f"Invalid value at '{path}': \"{value}\" is not one of {', '.join(known)}")


def check_labels(labels):
    for name, value in labels.items():
        if not re.fullmatch('[a-z][a-z0-9_-]{0,62}', name) or not isinstance(value, str) or (
                not re.fullmatch('[a-z0-9_-]{0,63}', value)):
            raise refuse(f'Label "{name}" with value "{value}" has invalid characters or is too'
                         ' long.')


def check_load(load, upload):
    """What is known to be wrong before the job begins"""
    if 'sourceFormat' not in load:
        raise refuse('sourceFormat is not sent.')
    if 'destinationTable' not in load or set(load['destinationTable']) != set(REFERENCE):
        raise refuse('Required parameter is missing: destinationTable', 'required')
    if upload == ('sourceUris' in load):
        raise refuse('Load configuration must specify at least one source URI, and none with an'
                     ' upload')
    if 'nullMarker' in load and 'nullMarkers' in load:
        raise refuse('nullMarker and nullMarkers cannot both be set.')
    extra = {'skipLeadingRows', 'fieldDelimiter', 'quote', 'allowQuotedNewlines', 'nullMarker',
             'allowJaggedRows', 'nullMarkers', 'sourceColumnMatch'} & set(load)
    if load['sourceFormat'] != 'CSV' and extra:
        raise refuse(f'{min(extra)} is an option of CSV.')
    if load.get('autodetect') or 'schema' in load and schema_problem(load['schema'].get('fields')):
        raise refuse(schema_problem(load.get('schema', {}).get('fields')) or
                     'This server does not detect schemas.')
    if load.get('skipLeadingRows', 0) < 0 or load.get('maxBadRecords', 0) < 0:
        raise refuse('skipLeadingRows and maxBadRecords cannot be negative.')
    delimiter, quote = load.get('fieldDelimiter', ','), load.get('quote', '"')
    if delimiter not in ('\\t', 'tab') and (len(delimiter) != 1 or not '\x01' <= delimiter <= '\x7f'):
        raise refuse(f'Invalid field delimiter {delimiter!r}')
    if len(quote.encode()) > 1 or quote == delimiter:
        raise refuse(f'Invalid quote {quote!r}')
    if load.get('sourceColumnMatch') == 'NAME' and not load.get('skipLeadingRows'):
        raise refuse('sourceColumnMatch NAME needs skipLeadingRows of 1 or more.')
    if load.get('schemaUpdateOptions') and load.get('writeDisposition', 'WRITE_APPEND') not in (
            'WRITE_APPEND', 'WRITE_TRUNCATE_DATA'):
        raise refuse('Schema update options should only be specified with WRITE_APPEND or'
                     ' WRITE_TRUNCATE_DATA disposition, or with WRITE_TRUNCATE on a partition.')
    for uri in load.get('sourceUris', []):
        if not re.fullmatch(r'gs://[a-z0-9._-]+/[^*]+\*?[^*]*|gs://[a-z0-9._-]+/\*[^*]*', uri):
            raise refuse(f'Source URI is invalid: {uri}')


def check_query(query):
    if query.get('useLegacySql') is not False:
        raise refuse('Legacy SQL is not played here: send useLegacySql false.')
    if not query.get('query'):
        raise refuse('Required parameter is missing: query', 'required')
    if ('queryParameters' in query) != ('parameterMode' in query):
        raise refuse('queryParameters and parameterMode go together.')


class Job:
    """
    strikes: those of "job.load" or "job.query"; see bigquery. data: that of an
    upload, else None. It is done by poll(), not before.
    """

    def __init__(self, service, resource, location, strikes, data=None):
        self.service, self.catalog = service, service.catalog
        self.configuration = resource['configuration']
        self.kind = 'load' if 'load' in self.configuration else 'query'
        self.own = self.configuration[self.kind]
        self.id, self.location = resource['jobReference']['jobId'], location
        self.strikes, self.data = strikes, data
        self.created, self.started, self.ended = now(), None, None
        self.statistics, self.errors, self.error, self.outcome = {}, [], None, None
        self.cancelled = False
        self.pending, self.running = self.polls('pending'), self.polls('running')
        strike = self.strike('seconds')
        self.end = time.monotonic() + (float(strike.arg) if strike else 0)

    def strike(self, name):
        return next((strike for strike in self.strikes if strike.name == name), None)

    def polls(self, name):
        strike = self.strike(name)
        return 0 if strike is None else int(strike.arg) if strike.arg else float('inf')

    def state(self):
        if self.ended is not None:
            return 'DONE'
        return 'PENDING' if self.pending else 'RUNNING'

    def due(self):
        """True if it would be done without being asked"""
        return (self.ended is None and not self.cancelled and self.pending <= 0 and self.running <= 0
                and time.monotonic() >= self.end)

    def poll(self):
        """Its state; what it does is done when that becomes DONE"""
        if self.ended is None and self.cancelled:
            self.fail(JobError('stopped', 'Job execution was cancelled: User requested'
                               ' cancellation'))
        elif self.pending > 0:
            self.pending -= 1
            return 'PENDING'
        elif self.running > 0:
            self.running -= 1
            return 'RUNNING'
        self.settle()
        return self.state()

    def settle(self):
        if self.due():
            self.run()

    def run(self):
        self.started = now()
        strike = self.strike('fail')
        state = self.catalog.begin()
        try:
            if strike:
                given = strike.rule.given
                raise JobError(given.get('reason', 'internalError'),
                               given.get('message', 'A fault: the job failed.'),
                               given.get('patch', {}).get('errors', []))
            if self.kind == 'load':
                self.load()
            else:
                self.query()
        except JobError as error:
            self.catalog.rollback(state)
            self.fail(error)
        except BaseException:
            self.catalog.rollback(state)
            self.fail(JobError('internalError', 'The server broke down.'))
            raise
        else:
            self.catalog.commit()
            self.ended = now()
        self.data = None

    def fail(self, error):
        self.ended = now()
        self.error = {'reason': error.reason, 'message': error.message}
        if error.reason == 'invalidQuery':
            self.error['location'] = 'query'
        self.errors = [self.error, *error.errors]

    def refusal(self):
        """The failure as the answer of getQueryResults"""
        status = STATUS.get(self.error['reason'], 400)
        return Refusal(status, self.error['reason'], self.error['message'],
                       status=CODES.get(status, 'INVALID_ARGUMENT'),
                       entry={'location': 'query', 'locationType': 'other'}
                       if 'location' in self.error else {})

    # a load

    def load(self):
        sources = [bqcsv.Source(self.data)] if self.data is not None else self.objects()
        reference = self.own['destinationTable']
        name, _, partition = reference['tableId'].partition('$')
        if partition:
            raise JobError('invalid', 'This server does not load into a partition.')
        self.need_dataset(reference)
        table = self.catalog.find(reference['datasetId'], name)
        given = self.own.get('schema', {}).get('fields')
        if given is None and table is None:
            raise JobError('invalid', 'No schema specified on job or table.')
        fields = given or table.fields
        form = bqcsv if self.own['sourceFormat'] == 'CSV' else bqjson
        reader = form.Reader(form.Options(self.own), fields)
        for source in sources:
            reader.read(source)
        if reader.bad > reader.options.bad:
            raise too_many(reader, self.own)
        self.errors = reader.errors
        table = self.destination(table, reference['datasetId'], name, fields)
        self.catalog.insert(table, fields, reader.rows)
        size = sum(bqvalues.size(kind, value) for row in reader.rows
                   for kind, value in zip(reader.kinds, row))
        self.statistics['load'] = {
            'inputFiles': str(len(sources)),
            'inputFileBytes': str(sum(source.size for source in sources)),
            'outputRows': str(len(reader.rows)), 'outputBytes': str(size),
            'badRecords': str(reader.bad)}

    def objects(self):
        sources = []
        for uri in self.own['sourceUris']:
            found = self.service.match(uri)
            if not found:
                raise JobError('notFound', f'Not found: URI {uri}')
            sources += [bqcsv.Source(data, name) for name, data in found]
        return sources

    def need_dataset(self, reference):
        project, name = reference.get('projectId'), reference.get('datasetId')
        dataset = self.catalog.datasets.get(name)
        if project != self.catalog.project or dataset is None:
            raise JobError('notFound', f'Not found: Dataset {project}:{name}')
        if dataset.location.lower() != self.location.lower():
            raise JobError('notFound', f'Not found: Dataset {project}:{name} was not found in'
                           f' location {self.location}')

    def destination(self, table, dataset, name, fields):
        """The table to write to, made or emptied or widened as the job says"""
        full = f'{self.catalog.project}:{dataset}.{name}'
        meta = {key: self.own[key] for key in ('timePartitioning', 'clustering')
                if key in self.own}
        problem = partition_problem(meta, fields)
        if problem:
            raise JobError('invalid', problem)
        meta.update(self.own.get('destinationTableProperties', {}))
        default = 'WRITE_APPEND' if self.kind == 'load' else 'WRITE_EMPTY'
        how = self.own.get('writeDisposition', default)
        if table is None:
            if self.own.get('createDisposition') == 'CREATE_NEVER':
                raise JobError('notFound', f'Not found: Table {full}')
            table = Table(dataset, name, fields, meta)
            self.catalog.add(table)
            return table
        if how == 'WRITE_EMPTY' and self.catalog.count(table):
            raise JobError('duplicate', f'Already Exists: Table {full}')
        for key in 'timePartitioning', 'clustering':
            if key in meta and meta[key] != table.meta.get(key):
                raise JobError('invalid', f'Incompatible table partitioning specification for {full}:'
                               f' {key} {table.meta.get(key)}, but input has {meta[key]}')
        if how == 'WRITE_TRUNCATE':
            self.catalog.drop(table)
            new = Table(dataset, name, fields, {**table.meta, **meta})
            new.created = table.created
            self.catalog.add(new)
            return new
        if how == 'WRITE_TRUNCATE_DATA':
            self.catalog.execute(f'DELETE FROM {table.sql}')
        return self.fit(table, fields, full)

    def fit(self, table, fields, full):
        """The table, if rows of these fields can go there"""
        allowed = self.own.get('schemaUpdateOptions', [])
        problem = f'Provided Schema does not match Table {full}. '
        known = {field['name'].lower(): field for field in table.fields}
        result = [dict(field) for field in table.fields]
        for field in fields:
            old = known.get(field['name'].lower())
            if old is None:
                if 'ALLOW_FIELD_ADDITION' not in allowed:
                    raise JobError('invalid', problem + f"Cannot add fields (field: {field['name']})")
                result.append(field)
                continue
            was, kind = bqvalues.field_type(old), bqvalues.field_type(field)
            if was != kind:
                raise JobError('invalid', problem + f"Field {field['name']} has changed type from"
                               f' {was} to {kind}')
            if old['mode'] != field.get('mode', 'NULLABLE').upper():
                if old['mode'] != 'REQUIRED' or 'ALLOW_FIELD_RELAXATION' not in allowed:
                    raise JobError('invalid', problem + f"Field {field['name']} has changed mode from"
                                   f" {old['mode']} to {field.get('mode', 'NULLABLE')}")
                next(item for item in result if item['name'] == old['name'])['mode'] = 'NULLABLE'
        names = {field['name'].lower() for field in fields}
        for field in table.fields:
            if field['mode'] == 'REQUIRED' and field['name'].lower() not in names:
                raise JobError('invalid', problem + f"Missing required field: {field['name']}")
        if result != table.fields:
            table = self.catalog.change_fields(table, result)
        return table

    # a query

    def query(self):
        script = self.script()
        self.outcome = script.run()
        self.statistics['totalBytesProcessed'] = str(script.bytes)
        self.statistics['query'] = {
            'statementType': self.outcome.kind, 'totalBytesProcessed': str(script.bytes),
            'totalBytesBilled': str(script.billed), 'cacheHit': False}
        if self.outcome.affected is not None:
            self.statistics['query'].update({
                'numDmlAffectedRows': str(self.outcome.affected),
                'dmlStats': {name: str(count) for name, count in self.outcome.dml.items()}})
        if self.outcome.kind == 'SCRIPT':
            self.statistics['numChildJobs'] = str(self.outcome.statements)
        if 'destinationTable' in self.own:
            self.keep()

    def script(self):
        return Script(self.catalog, self.location, self.own)

    def keep(self):
        """Writes the result to the table that the job names"""
        reference = self.own['destinationTable']
        self.need_dataset(reference)
        if not self.outcome.fields or self.outcome.kind != 'SELECT':
            raise JobError('invalid', 'A destination table needs a SELECT.')
        table = self.catalog.find(reference['datasetId'], reference['tableId'])
        table = self.destination(table, reference['datasetId'], reference['tableId'],
                                 self.outcome.fields)
        self.catalog.insert(table, self.outcome.fields, self.outcome.rows)

    def dry(self):
        """What a dry run tells"""
        self.own = {name: value for name, value in self.own.items() if name != 'destinationTable'}
        state = self.catalog.begin()
        try:
            script = self.script()
            self.outcome = script.run(dry=True)
        except JobError as error:
            self.fail(error)
            raise self.refusal() from error
        finally:
            self.catalog.rollback(state)
        self.ended = now()
        self.statistics = {
            'totalBytesProcessed': str(script.bytes),
            'query': {'totalBytesProcessed': str(script.bytes), 'totalBytesBilled': '0',
                      'cacheHit': False, 'statementType': self.outcome.kind,
                      'schema': {'fields': self.outcome.fields}}}

    # as the API shows it

    def reference(self):
        return {'projectId': self.catalog.project, 'jobId': self.id, 'location': self.location}

    def resource(self):
        project = self.catalog.project
        status = {'state': self.state()}
        if self.ended is not None:
            if self.error:
                status['errorResult'] = self.error
            if self.errors:
                status['errors'] = self.errors
        statistics = {'creationTime': str(self.created)}
        if status['state'] != 'PENDING':
            statistics['startTime'] = str(self.started or self.created)
        if self.ended is not None:
            statistics.update({'endTime': str(self.ended), **self.statistics})
        value = {'kind': 'bigquery#job', 'etag': etag(self.id, status),
                 'id': f'{project}:{self.location}.{self.id}',
                 'selfLink': f'https://bigquery.googleapis.com/bigquery/v2/projects/{project}/jobs/'
                             f'{self.id}?location={self.location}',
                 'user_email': 'somebody@example.org', 'jobReference': self.reference(),
                 'configuration': {**self.configuration, 'jobType': self.kind.upper()},
                 'statistics': statistics, 'status': status}
        strike = self.strike('patch')
        if strike and self.ended is not None:
            merge(value, strike.rule.given.get('patch', {}))
        return value


def too_many(reader, load):
    """The failure of a load, with a summary first and what is wrong with rows behind it"""
    what = 'Error while reading data, error message: '
    what += 'CSV' if load['sourceFormat'] == 'CSV' else 'JSON'
    rows, bad = len(reader.rows) + reader.bad, reader.bad
    return JobError('invalid', f'{what} table encountered too many errors, giving up. Rows: {rows};'
                    f' errors: {bad}. Please look into the errors[] collection for more details.', [
                        {'reason': 'invalid', 'message': f'{what} processing encountered too many'
                         f' errors, giving up. Rows: {rows}; errors: {bad}; max bad:'
                         f" {load.get('maxBadRecords', 0)}; error percent: 0"}, *reader.errors])
