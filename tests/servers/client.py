# SPDX-License-Identifier: ISC
"""client.py URL - what Google's own client for Python makes of the server, for tests"""
import gzip
import io
import random
import sys

from google.api_core.exceptions import PreconditionFailed
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

client = storage.Client(project='project', credentials=AnonymousCredentials(),
                        client_options={'api_endpoint': sys.argv[1]})
bucket = client.bucket('bucket')

# resumable in chunks, of unknown length
data = random.Random(1).randbytes(3_000_000)
big = bucket.blob('dir/\u00fc=:x', chunk_size=1 << 20)
big.upload_from_file(io.BytesIO(data), content_type='text/csv', if_generation_match=0)
assert big.size == len(data) and big.content_type == 'text/csv'
assert bucket.blob(big.name).download_as_bytes() == data  # its crc32c is checked by the client

# multipart
small = bucket.blob('small')
small.metadata = {'a': 'b'}
small.upload_from_string(b'hello', if_generation_match=0)
assert small.download_as_bytes(start=1, end=2) == b'el'
small.reload()
assert small.metadata == {'a': 'b'}
try:
    small.upload_from_string(b'again', if_generation_match=0)
    raise AssertionError('overwritten')
except PreconditionFailed:
    pass

# gzip
packed = bucket.blob('packed')
packed.content_encoding = 'gzip'
packed.upload_from_string(gzip.compress(b'abc' * 1000))
assert packed.download_as_bytes() == b'abc' * 1000
assert gzip.decompress(packed.download_as_bytes(raw_download=True)) == b'abc' * 1000

# lists, composition, deletion
assert [blob.name for blob in client.list_blobs('bucket', page_size=1)] == [
    'dir/\u00fc=:x', 'packed', 'small']
folder = client.list_blobs('bucket', delimiter='/')
assert [blob.name for blob in folder] == ['packed', 'small'] and folder.prefixes == {'dir/'}
whole = bucket.blob('whole')
whole.compose([big, small], if_generation_match=0)
assert whole.component_count == 2 and whole.download_as_bytes() == data + b'hello'
whole.delete(if_generation_match=whole.generation)
assert not whole.exists()
client.create_bucket('other-bucket')
assert client.bucket('other-bucket').exists()
