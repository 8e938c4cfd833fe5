# SPDX-License-Identifier: ISC
"""bigquery - BigQuery, REST API v2: datasets, tables, jobs, queries, results

Rows are kept in SQLite; SQL is translated to what SQLite understands, as far
as bqsql knows GoogleSQL: what it does not know is an error. A job that was
begun is done by the next request, whichever it is, unless a rule says else.

Faults, beside those of the core and of uploads. Of jobs.query,
jobs.getQueryResults and tabledata.list:

    empty-page          a page without rows that is not the last

Of the operations "job.load" and "job.query", which are no requests: they are
the jobs that begin, however they were sent.

    pending[:N]         PENDING for N polls, or for ever
    running[:N]         then RUNNING for N polls, or for ever; a poll is a
                        jobs.get or jobs.getQueryResults
    seconds:S           not done before S seconds have gone by
    fail                DONE with an errorResult of the rule's reason and message,
                        and the errors of its patch ({"errors": [...]}) behind it
    patch               the resource of the job that is done shows the rule's
                        patch, as {"status": {"errors": [...]}}
"""
import base64
import json
import re
import threading
import time

import bqsql
import bqvalues
from bqjobs import (JOB, PARTITION, SCHEMA, Job, check, check_labels, check_load,
                    check_query, refuse)
from bqtables import Catalog, Dataset, Table, partition_problem, schema_problem
from cloud import JSON, Refusal, Reply, reply_json
from uploads import multipart, uploads_of

FAULTS = 'empty-page', 'pending', 'running', 'seconds', 'fail', 'patch'
SCOPE = 'https://www.googleapis.com/auth/'
WRITE = {SCOPE + 'bigquery', SCOPE + 'cloud-platform'}
READ = WRITE | {SCOPE + 'bigquery.readonly', SCOPE + 'cloud-platform.read-only'}
MAXIMUM = 10 << 20  # bytes of a page, about
RESULT = ('location timeoutMs maxResults pageToken startIndex formatOptions.useInt64Timestamp'
          ' formatOptions.timestampOutputFormat')
FORMAT = {'useInt64Timestamp': bool, 'timestampOutputFormat': str}
REQUEST = {
    'kind': str, 'query': str, 'maxResults': int, 'timeoutMs': int, 'jobTimeoutMs': 'int64',
    'defaultDataset': {'projectId': str, 'datasetId': str}, 'dryRun': bool, 'useLegacySql': bool,
    'useQueryCache': bool, 'parameterMode': str, 'queryParameters': list, 'location': str,
    'formatOptions': FORMAT, 'maximumBytesBilled': 'int64', 'requestId': str, 'labels': dict,
    'jobCreationMode': str,
}
# members of a query request that are the job's
SHARED = ('query', 'useLegacySql', 'defaultDataset', 'maximumBytesBilled', 'parameterMode',
          'queryParameters', 'useQueryCache')
DATASET = {'kind': str, 'datasetReference': {'projectId': str, 'datasetId': str}, 'location': str,
           'description': str, 'friendlyName': str, 'labels': dict,
           'defaultTableExpirationMs': 'int64'}
TABLE = {'kind': str, 'tableReference': {'projectId': str, 'datasetId': str, 'tableId': str},
         'schema': SCHEMA, 'timePartitioning': PARTITION, 'clustering': {'fields': [str]},
         'expirationTime': 'int64', 'description': str, 'friendlyName': str, 'labels': dict}
NAME = '[A-Za-z0-9_]{1,1024}'


def options(parser):
    parser.add_argument('--rows', type=int, default=50000, metavar='N',
                        help='of a page of a result, at most')
    parser.add_argument('--made-up', action='append', default=[], metavar='DATASET.TABLE=ROWS',
                        help='a table of columns n, at, amount and name that takes no memory:'
                        ' SELECT * FROM it, and nothing else')


def register(cloud):
    BigQuery(cloud)


class Work:
    """Stands for a job where rules ask which request it is"""
    method = ''

    def __init__(self, op, target):
        self.op, self.target = op, target


class BigQuery:
    def __init__(self, cloud):
        self.cloud = cloud
        self.lock = threading.RLock()
        self.project = cloud.args.project
        self.uploads = uploads_of(cloud)
        cloud.faults.update(FAULTS)
        cloud.serve_with(self)
        self.add_routes()

    def add_routes(self):
        project = '/bigquery/v2/projects/{project}'
        datasets = project + '/datasets'
        dataset = datasets + '/{dataset}'
        tables = dataset + '/tables'
        table = tables + '/{table}'
        jobs = project + '/jobs'
        upload = '/upload' + jobs
        self.uploads.accept(upload)
        for method, path, op, handler, query, scopes in (
                ('POST', datasets, 'datasets.insert', self.insert_dataset, '', WRITE),
                ('GET', datasets, 'datasets.list', self.list_datasets,
                 'maxResults pageToken all filter', READ),
                ('GET', dataset, 'datasets.get', self.get_dataset, 'datasetView', READ),
                ('DELETE', dataset, 'datasets.delete', self.delete_dataset, 'deleteContents',
                 WRITE),
                ('POST', tables, 'tables.insert', self.insert_table, '', WRITE),
                ('GET', tables, 'tables.list', self.list_tables, 'maxResults pageToken', READ),
                ('GET', table, 'tables.get', self.get_table, 'selectedFields view', READ),
                ('DELETE', table, 'tables.delete', self.delete_table, '', WRITE),
                ('GET', table + '/data', 'tabledata.list', self.list_rows,
                 RESULT + ' selectedFields', READ),
                ('POST', jobs, 'jobs.insert', self.insert_job, '', WRITE),
                ('POST', upload + '?uploadType=multipart', 'jobs.insert.upload',
                 self.insert_upload, '', WRITE),
                ('POST', upload + '?uploadType=resumable', 'resumable.start',
                 self.start_upload, '', WRITE),
                ('GET', jobs + '/{job}', 'jobs.get', self.get_job, 'location', READ),
                ('POST', jobs + '/{job}/cancel', 'jobs.cancel', self.cancel_job, 'location',
                 WRITE),
                ('POST', project + '/queries', 'jobs.query', self.query, '', READ),
                ('GET', project + '/queries/{job}', 'jobs.getQueryResults', self.results, RESULT,
                 READ)):
            self.cloud.route(method, path, op, self.guarded(handler), query, scopes)

    def guarded(self, handler):
        """The handler, for this project alone, behind what was begun before"""
        def handle(request):
            if request.params['project'] != self.project:
                raise Refusal(403, 'accessDenied', 'Access Denied: Project'
                              f" {request.params['project']}: User does not have permission in"
                              ' project, or it does not exist.', status='PERMISSION_DENIED')
            self.settle()
            return handler(request)
        return handle

    def settle(self):
        with self.lock:
            for job in list(self.jobs.values()):
                job.settle()

    def reset(self):
        with self.lock:
            self.catalog = Catalog(self.project, bqsql.functions)
            self.jobs, self.requests = {}, {}
            for text in self.cloud.args.made_up:
                name, _, count = text.partition('=')
                dataset, _, table = name.partition('.')
                self.catalog.datasets.setdefault(dataset, Dataset(dataset, 'US', {}))
                thing = Table(dataset, table, bqsql.MadeUp.FIELDS, rows=int(count))
                self.catalog.tables[dataset, table] = thing

    def state(self):
        with self.lock:
            self.settle()
            return {'datasets': [dataset.resource(self.project)
                                 for _, dataset in sorted(self.catalog.datasets.items())],
                    'tables': [self.catalog.table_resource(table)
                               for key in sorted(self.catalog.tables)
                               for table in [self.catalog.find(*key)] if table],
                    'jobs': [job.resource() for job in self.jobs.values()]}

    # datasets

    def dataset(self, request):
        name = request.params['dataset']
        if name not in self.catalog.datasets:
            raise refuse(f'Not found: Dataset {self.project}:{name}', 'notFound')
        return self.catalog.datasets[name]

    def insert_dataset(self, request):
        given = request.json()
        check(given, DATASET, 'dataset')
        check_labels(given.get('labels', {}))
        reference = given.pop('datasetReference', {})
        name = reference.get('datasetId', '')
        if not re.fullmatch(NAME, name):
            raise refuse(f'Invalid dataset ID "{name}". Dataset IDs must be alphanumeric (plus'
                         ' underscores) and must be at most 1024 characters long.')
        if reference.get('projectId', self.project) != self.project:
            raise refuse('The project of the dataset is another one.')
        with self.lock:
            if name in self.catalog.datasets:
                raise refuse(f'Already Exists: Dataset {self.project}:{name}', 'duplicate')
            location = given.pop('location', 'US')
            given.pop('kind', None)
            dataset = Dataset(name, location.upper() if len(location) == 2 else location, given)
            self.catalog.datasets[name] = dataset
            return reply_json(dataset.resource(self.project))

    def get_dataset(self, request):
        with self.lock:
            return reply_json(self.dataset(request).resource(self.project))

    def list_datasets(self, request):
        with self.lock:
            items = [{'kind': 'bigquery#dataset', 'id': f'{self.project}:{name}',
                      'datasetReference': {'datasetId': name, 'projectId': self.project},
                      'location': dataset.location}
                     for name, dataset in sorted(self.catalog.datasets.items())]
        return self.list_page(request, 'bigquery#datasetList', 'datasets', items)

    def list_page(self, request, kind, member, items):
        first = self.token_place(request, member)
        end = min(first + request.whole('maxResults', 50, 1), len(items))
        value = {'kind': kind, 'etag': str(len(items))}
        if member == 'tables':
            value['totalItems'] = len(items)
        if items[first:end]:
            value[member] = items[first:end]
        if end < len(items):
            value['nextPageToken'] = token(member, end)
        return reply_json(value)

    def delete_dataset(self, request):
        with self.lock:
            name = self.dataset(request).name
            tables = [table for (dataset, _), table in self.catalog.tables.items()
                      if dataset == name]
            if tables and request.query.get('deleteContents') != 'true':
                raise refuse(f'Dataset {self.project}:{name} is still in use')
            for table in tables:
                self.catalog.drop(table)
            del self.catalog.datasets[name]
        return Reply(204)

    # tables

    def table(self, request):
        dataset, name = self.dataset(request), request.params['table']
        table = self.catalog.find(dataset.name, name)
        if table is None:
            raise refuse(f'Not found: Table {self.project}:{dataset.name}.{name}', 'notFound')
        return table

    def insert_table(self, request):
        given = request.json()
        check(given, TABLE, 'table')
        check_labels(given.get('labels', {}))
        reference, schema = given.pop('tableReference', {}), given.pop('schema', {})
        given.pop('kind', None)
        name = reference.get('tableId', '')
        with self.lock:
            dataset = self.dataset(request)
            if not re.fullmatch(NAME, name) or dataset.name != reference.get('datasetId'):
                raise refuse(f'Invalid table ID "{name}" or another dataset.')
            if reference.get('projectId') != self.project:
                raise refuse('The project of the table is another one.')
            problem = schema_problem(schema.get('fields')) or partition_problem(
                given, schema['fields'])
            if problem:
                raise refuse(problem)
            if self.catalog.find(dataset.name, name):
                raise refuse(f'Already Exists: Table {self.project}:{dataset.name}.{name}',
                             'duplicate')
            table = Table(dataset.name, name, schema['fields'], given)
            if table.expired():
                raise refuse('Invalid value for expirationTime: it is in the past.')
            self.catalog.add(table)
            return reply_json(self.catalog.table_resource(table))

    def get_table(self, request):
        with self.lock:
            return reply_json(self.catalog.table_resource(self.table(request)))

    def list_tables(self, request):
        with self.lock:
            dataset = self.dataset(request).name
            tables = [self.catalog.find(*key) for key in sorted(self.catalog.tables)
                      if key[0] == dataset]
            items = [self.catalog.table_resource(table, brief=True) for table in tables if table]
        return self.list_page(request, 'bigquery#tableList', 'tables', items)

    def delete_table(self, request):
        with self.lock:
            self.catalog.drop(self.table(request))
        return Reply(204)

    def list_rows(self, request):
        with self.lock:
            table = self.table(request)
            fields = selected(request, table.fields)
            key = f'{table.dataset}.{table.name}'
            if table.rows is not None:
                rows = bqsql.MadeUp(table.rows)
            else:
                names = ', '.join('"' + field['name'] + '"' for field in fields)
                rows = self.catalog.execute(
                    f'SELECT {names} FROM {table.sql} ORDER BY rowid').fetchall()
        value, text = self.page(request, request.query, key, fields, rows)
        if value['pageToken'] is None:
            del value['pageToken']
        value['kind'] = 'bigquery#tableDataList'
        return with_rows(value, text)

    # jobs

    def begin(self, resource, data=None):
        """A job of a resource that was sent; data: those of an upload"""
        check(resource, JOB, 'job')
        configuration = resource.get('configuration', {})
        check_labels(configuration.get('labels', {}))
        if ('load' in configuration) == ('query' in configuration):
            raise refuse('Job configuration must contain exactly one job-specific configuration'
                         ' object', 'required')
        load = configuration.get('load')
        if load is not None:
            check_load(load, data is not None)
            if configuration.get('dryRun'):
                raise refuse('A load cannot be a dry run.')
        else:
            check_query(configuration['query'])
        reference = resource.setdefault('jobReference', {})
        if reference.setdefault('projectId', self.project) != self.project:
            raise refuse('The project of the job is another one.')
        name = reference.setdefault('jobId', 'job_' + base64.b32encode(
            str(time.time_ns()).encode()).decode().rstrip('='))
        if not re.fullmatch('[A-Za-z0-9_-]{1,1024}', name):
            raise refuse(f'Invalid job ID "{name}".')
        return resource

    def run(self, resource, data=None):
        """The job, registered under its id"""
        with self.lock:
            reference, configuration = resource['jobReference'], resource['configuration']
            location = self.locate(reference, configuration)
            key = location.lower(), reference['jobId']
            if key in self.jobs:
                raise refuse(f'Already Exists: Job {self.project}:{location}.{key[1]}',
                             'duplicate')
            job = Job(self, resource, location, self.strikes(configuration), data)
            if not configuration.get('dryRun'):
                self.jobs[key] = job
            return job

    def locate(self, reference, configuration):
        """Where the job runs: as it says, or where its data are"""
        if 'location' in reference:
            location = reference['location']
            return location.upper() if len(location) == 2 else location
        own = configuration.get('load') or configuration['query']
        name = (own.get('destinationTable') or own.get('defaultDataset') or {}).get('datasetId')
        if name is None and 'query' in own:
            name = bqsql.first_dataset(own['query'], self.catalog.datasets)
        dataset = self.catalog.datasets.get(name)
        return dataset.location if dataset else 'US'

    def strikes(self, configuration):
        if configuration.get('dryRun'):
            return []
        kind = 'load' if 'load' in configuration else 'query'
        work = Work(f'job.{kind}', json.dumps(configuration))
        with self.cloud.lock:
            return [strike for rule in self.cloud.rules if rule.given['op'].startswith('job.')
                    for strike in rule.match(work)]

    def insert_job(self, request):
        resource = self.begin(request.json())
        job = self.run(resource)
        if resource['configuration'].get('dryRun'):
            with self.lock:
                job.dry()
                value = job.resource()
                del value['jobReference']['jobId']
                return reply_json(value)
        return reply_json(job.resource())

    def insert_upload(self, request):
        resource, _, data = multipart(request)
        return reply_json(self.run(self.begin(resource, data), data).resource())

    def start_upload(self, request):
        resource = self.begin(request.json(), b'')

        def finish(content, _):
            self.settle()
            return self.run(resource, content.data).resource()

        return self.uploads.start(request, finish,
                                  request.header('X-Upload-Content-Type'))

    def match(self, uri):
        """(URI, data) of the objects of gs://BUCKET/NAME, which may have a *"""
        bucket, _, pattern = uri[len('gs://'):].partition('/')
        before, star, behind = pattern.partition('*')
        storage = next(service for service in self.cloud.services if hasattr(service, 'buckets'))
        with storage.lock:
            if bucket not in storage.buckets:
                return []
            return [(f'gs://{bucket}/{name}', bytes(thing.data))
                    for name, thing in sorted(storage.buckets[bucket].live.items())
                    if name == pattern or star and name.startswith(before)
                    and name.endswith(behind) and len(name) >= len(before) + len(behind)]

    def job(self, request):
        name, location = request.params['job'], request.query.get('location')
        for place in [location] if location else ['US', 'EU']:
            job = self.jobs.get((place.lower(), name))
            if job:
                return job
        raise refuse(f"Not found: Job {self.project}:{location + '.' if location else ''}{name}",
                     'notFound')

    def get_job(self, request):
        with self.lock:
            job = self.job(request)
            job.poll()
            return reply_json(job.resource())

    def cancel_job(self, request):
        with self.lock:
            job = self.job(request)
            job.cancelled = True
            return reply_json({'kind': 'bigquery#jobCancelResponse', 'job': job.resource()})

    # queries

    def query(self, request):
        given = request.json()
        check(given, REQUEST, 'query request')
        identity = given.get('requestId')
        if identity is not None and not re.fullmatch(r'[\x21-\x7e]{1,36}', identity):
            raise refuse('requestId is to be of up to 36 ASCII characters.')
        reference = {'location': given['location']} if 'location' in given else {}
        resource = self.begin({
            'jobReference': reference,
            'configuration': {'dryRun': given.get('dryRun', False),
                              'labels': given.get('labels', {}),
                              'query': {name: given[name] for name in SHARED if name in given}}})
        with self.lock:
            known = self.requests.get(identity) if identity else None
            if known and known[0] != given:
                raise refuse('The requestId was used for another request.')
            job = known[1] if known else self.run(resource)
            if given.get('dryRun'):
                return self.dry(job)
            if identity:
                self.requests[identity] = given, job
        return self.answer(request, job, given, given.get('formatOptions', {}))

    def dry(self, job):
        job.dry()
        return reply_json({'kind': 'bigquery#queryResponse',
                           'jobReference': {'projectId': self.project, 'location': job.location},
                           'schema': {'fields': job.outcome.fields}, 'jobComplete': True,
                           'cacheHit': False, 'location': job.location,
                           'totalBytesProcessed': job.statistics['totalBytesProcessed']})

    def results(self, request):
        with self.lock:
            job = self.job(request)
            if job.kind != 'query':
                raise refuse('This is not a query job.')
        wanted = {'timeoutMs': request.whole('timeoutMs', 10000),
                  **{name: request.query[name] for name in ('pageToken', 'startIndex')
                     if name in request.query}}
        if 'maxResults' in request.query:
            wanted['maxResults'] = request.whole('maxResults')
        form = {name.partition('.')[2]: value == 'true' if value in ('true', 'false') else value
                for name, value in request.query.items() if name.startswith('formatOptions.')}
        return self.answer(request, job, wanted, form)

    def answer(self, request, job, wanted, form):
        """Waits for the job, so long as it may, and gives a page of its result"""
        state = self.wait(job, wanted.get('timeoutMs', 10000) / 1000)
        value = {'kind': 'bigquery#queryResponse' if request.method == 'POST' else
                         'bigquery#getQueryResultsResponse',
                 'jobReference': job.reference(), 'jobComplete': state == 'DONE'}
        if request.method == 'GET':
            value['etag'] = 'a'
        if state != 'DONE':
            return reply_json(value)
        if job.error:
            raise job.refusal()
        outcome = job.outcome
        optional = wanted.get('jobCreationMode') == 'JOB_CREATION_OPTIONAL'
        value.update(totalBytesProcessed=job.statistics['totalBytesProcessed'], cacheHit=False)
        if request.method == 'POST':
            value['queryId'] = f'query_{job.id}'
            value['location'] = job.location
        if outcome.affected is not None:
            value['numDmlAffectedRows'] = str(outcome.affected)
        if outcome.fields is None:
            value['totalRows'] = '0'
            return reply_json(value)
        wanted = {**wanted, **{f'formatOptions.{name}': option for name, option in form.items()}}
        page, text = self.page(request, wanted, job.id, outcome.fields, outcome.rows)
        if page['pageToken'] is None:
            del page['pageToken']
            if optional:
                del value['jobReference']
        return with_rows({**value, 'schema': {'fields': outcome.fields}, **page}, text)

    def wait(self, job, seconds):
        end = time.monotonic() + min(seconds, 200)
        while True:
            with self.lock:
                waits = job.ended is None and job.pending <= 0 and job.running <= 0
                if not waits or job.due() or time.monotonic() >= end:
                    return job.poll()
            time.sleep(min(max(job.end - time.monotonic(), 0), 0.05) + 0.001)

    # pages

    def token_place(self, request, key):
        return place(request.query['pageToken'], key) if 'pageToken' in request.query else 0

    def page(self, request, wanted, key, fields, rows):
        """(totalRows and pageToken, the text of the page's rows)"""
        first = int(wanted.get('startIndex', 0))
        if 'pageToken' in wanted:
            first = place(wanted['pageToken'], key)
        most = int(wanted.get('maxResults', self.cloud.args.rows))
        end = min(first + min(most, self.cloud.args.rows), len(rows))
        if request.fault('empty-page'):
            end = first
        form = timestamp_form(wanted)
        if isinstance(rows, bqsql.MadeUp):
            if form != 'INT64':
                raise refuse('Rows that are made up have timestamps as INT64.')
            text = rows.text(first, end)
        else:
            end, text = rows_text(rows, first, end, fields, form)
        more = end < len(rows)
        return {'totalRows': str(len(rows)), 'pageToken': token(key, end) if more else None}, text


def rows_text(rows, first, end, fields, form):
    kinds = [bqvalues.field_type(field) for field in fields]
    pieces, size = [], 0
    for index in range(first, end):
        piece = json.dumps({'f': [{'v': bqvalues.cell(kind, value, form)}
                                  for kind, value in zip(kinds, rows[index])]}, ensure_ascii=False)
        size += len(piece)
        if size > MAXIMUM and pieces:
            end = index
            break
        pieces.append(piece)
    return end, ',\n'.join(pieces)


def with_rows(value, text):
    """The answer; without a member rows where there are none, as the real one"""
    reply = reply_json(value)
    if text:
        reply.body = reply.body[:-2] + b',\n "rows": [\n' + text.encode() + b'\n]}'
    return reply


def timestamp_form(wanted):
    form = wanted.get('formatOptions.timestampOutputFormat')
    if form is None:
        whole = wanted.get('formatOptions.useInt64Timestamp') in (True, 'true')
        return 'INT64' if whole else 'FLOAT64'
    if form not in ('FLOAT64', 'INT64', 'ISO8601_STRING'):
        raise refuse(f'Invalid value for timestampOutputFormat: {form}')
    return form


def selected(request, fields):
    if 'selectedFields' not in request.query:
        return fields
    names = request.query['selectedFields'].lower().split(',')
    if set(names) - {field['name'].lower() for field in fields}:
        raise refuse('Invalid selectedFields.')
    return [field for field in fields if field['name'].lower() in names]


def token(key, position):
    return base64.urlsafe_b64encode(f'{key}:{position}'.encode()).decode()


def place(text, key):
    try:
        found, _, position = base64.urlsafe_b64decode(text).decode().rpartition(':')
    except ValueError:
        found = None
    if found != key:
        raise refuse('Invalid page token.')
    return int(position)
