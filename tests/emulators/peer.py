#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""peer.py COMMAND ARGUMENT... - Google's own clients, as peers of our tools

Talks to the servers that STORAGE_EMULATOR_HOST and BIGQUERY_EMULATOR_HOST
name, with a scheme, in project test.

  bucket NAME               make a bucket
  dataset NAME              make a dataset
  put BUCKET NAME           upload standard input, in chunks of 256 KiB
  put-gzip BUCKET NAME      the same, as an object that is stored compressed
  get BUCKET NAME           the bytes of an object, hashes checked
  ls BUCKET PREFIX          name, size and crc32c of objects, a line each
  stat BUCKET NAME          what the service knows of an object, as JSON
  load TABLE NAME:TYPE...   append CSV with a header from standard input
  rows SQL                  the rows of a query as JSON, a line each
  schema TABLE              name, type and mode of columns, a line each
"""
import gzip
import io
import json
import os
import sys

from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery, storage


def bucket_of(name):
    client = storage.Client(
        project="test", credentials=AnonymousCredentials())
    return client.bucket(name)


def tables():
    host = os.environ["BIGQUERY_EMULATOR_HOST"]
    return bigquery.Client(
        project="test", credentials=AnonymousCredentials(),
        client_options=ClientOptions(api_endpoint=host))


def put(bucket, name, *, compressed=False):
    blob = bucket_of(bucket).blob(name, chunk_size=256 * 1024)
    data = sys.stdin.buffer.read()
    if compressed:
        blob.content_encoding = "gzip"
        data = gzip.compress(data, mtime=0)
    blob.upload_from_file(io.BytesIO(data), content_type="text/csv")


def get(bucket, name):
    blob = bucket_of(bucket).blob(name)
    sys.stdout.buffer.write(blob.download_as_bytes(checksum="crc32c"))


def ls(bucket, prefix):
    for blob in bucket_of(bucket).list_blobs(prefix=prefix):
        print(blob.name, blob.size, blob.crc32c)


def stat(bucket, name):
    blob = bucket_of(bucket).get_blob(name)
    print(json.dumps(blob._properties, sort_keys=True))


def load(table, *columns):
    config = bigquery.LoadJobConfig(
        source_format="CSV", skip_leading_rows=1,
        schema=[bigquery.SchemaField(*column.split(":"))
                for column in columns])
    tables().load_table_from_file(
        io.BytesIO(sys.stdin.buffer.read()), "test." + table,
        job_config=config).result()


def rows(sql):
    for row in tables().query(sql, job_retry=None).result(job_retry=None):
        print(json.dumps({key: None if value is None else str(value)
                          for key, value in row.items()}))


def schema(table):
    for field in tables().get_table("test." + table).schema:
        print(field.name, field.field_type, field.mode)


COMMANDS = {
    "bucket": lambda name: bucket_of(name).create(),
    "dataset": lambda name: tables().create_dataset(name, exists_ok=True),
    "put": put,
    "put-gzip": lambda *names: put(*names, compressed=True),
    "get": get,
    "ls": ls,
    "stat": stat,
    "load": load,
    "rows": rows,
    "schema": schema,
}

COMMANDS[sys.argv[1]](*sys.argv[2:])
