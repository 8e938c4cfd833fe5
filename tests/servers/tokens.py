# SPDX-License-Identifier: ISC
"""tokens - those who give tokens: OAuth's endpoint, STS, impersonation, metadata server

Operations: token (POST /token), sts (POST /v1/token), impersonate, subject (GET
/subject, the credential source of an external account), metadata.token,
metadata.account, metadata.project, metadata.email, metadata.ping. The log shows the tokens by
these names: service-account, self-signed, authorized-user, metadata, sts,
impersonated. What is asked with a wrong key, client, secret or audience is
refused as the real ones refuse it.
"""
import base64
import hashlib
import json
import re
import time
from datetime import datetime, timezone
from urllib.parse import parse_qsl

from cloud import Refusal, Reply, Token, reply_json

GRANT = 'urn:ietf:params:oauth:grant-type:'
ACCESS = 'urn:ietf:params:oauth:token-type:access_token'
CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform'
# What stands before the hash in a signature (RFC 8017, section 9.2).
SHA256_INFO = bytes.fromhex('3031300d060960864801650304020105000420')
AUDIENCES = {'https://storage.googleapis.com/': '/auth/devstorage.full_control',
             'https://bigquery.googleapis.com/': '/auth/bigquery'}
CLIENT = {'client_id': 'client', 'client_secret': 'client-secret',
          'refresh_token': 'refresh-token'}
SUBJECT = 'subject-token'
FLAVOR = 'Metadata-Flavor', 'Google'


def options(parser):
    parser.add_argument('--public-key', metavar='PEM', help='of the service account')
    parser.add_argument('--email', default='robot@project.iam.gserviceaccount.com',
                        help='of the service account')
    parser.add_argument('--key-id', default='key1')
    parser.add_argument('--project', default='project')
    parser.add_argument('--expires', type=int, default=3600, metavar='SECONDS',
                        help='how long the tokens are good')


def register(cloud):
    tokens = Tokens(cloud)
    route = cloud.route
    metadata = '/computeMetadata/v1/'
    account = metadata + 'instance/service-accounts/default/'
    route('POST', '/token', 'token', tokens.grant)
    route('POST', '/v1/token', 'sts', tokens.exchange)
    route('POST', '/v1/projects/-/serviceAccounts/{email}:generateAccessToken', 'impersonate',
          tokens.impersonate, scopes={CLOUD_PLATFORM, 'https://www.googleapis.com/auth/iam'})
    route('GET', '/subject', 'subject', tokens.subject)
    route('GET', account + 'token', 'metadata.token', tokens.metadata_token, 'scopes')
    route('GET', account + '?recursive=true', 'metadata.account', tokens.metadata_account)
    route('GET', account + 'email', 'metadata.email', tokens.metadata_text)
    route('GET', metadata + 'project/project-id', 'metadata.project', tokens.metadata_text)
    for path in '/', '/computeMetadata/v1/instance', metadata:
        route('GET', path, 'metadata.ping', tokens.metadata_text)
    cloud.verifiers.append(tokens.self_signed)


def oauth(status, error, description):
    return Reply(status, json.dumps({'error': error, 'error_description': description}).encode(),
                 [('Content-Type', 'application/json; charset=utf-8')])


def form(request):
    kind = request.header('Content-Type').partition(';')[0].strip()
    if kind != 'application/x-www-form-urlencoded':
        return {}
    pairs = parse_qsl(request.body.read().decode(), keep_blank_values=True)
    return dict(pairs) if len(dict(pairs)) == len(pairs) else {}


def der(data):
    """(content, rest) of the first element of DER"""
    length, start = data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start], 'big')
    return data[start:start + length], data[start + length:]


def read_public_key(path):
    """(modulus, exponent) of a SubjectPublicKeyInfo"""
    with open(path, encoding='ascii') as file:
        text = ''.join(line.strip() for line in file if '-----' not in line)
    _, bits = der(der(base64.b64decode(text))[0])
    numbers = der(der(bits)[0][1:])[0]
    modulus, rest = der(numbers)
    return int.from_bytes(modulus, 'big'), int.from_bytes(der(rest)[0], 'big')


def decode(text):
    if not re.fullmatch('[A-Za-z0-9_-]+', text):
        raise ValueError('not base64url')
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


class Tokens:
    def __init__(self, cloud):
        self.cloud = cloud
        self.key = read_public_key(cloud.args.public_key) if cloud.args.public_key else None

    def claims(self, jwt):
        """The claims of a JWT that the service account's key has signed; else ValueError"""
        parts = jwt.split('.')
        if len(parts) != 3 or self.key is None:
            raise ValueError('not a JWT')
        header, claims = (json.loads(decode(part)) for part in parts[:2])
        if header != {'alg': 'RS256', 'typ': 'JWT', 'kid': self.cloud.args.key_id}:
            raise ValueError('not the header of a JWT')
        modulus, exponent = self.key
        size = (modulus.bit_length() + 7) // 8
        signature = decode(parts[2])
        digest = SHA256_INFO + hashlib.sha256('.'.join(parts[:2]).encode()).digest()
        padded = b'\0\1' + b'\xff' * (size - len(digest) - 3) + b'\0' + digest
        if len(signature) != size or pow(
                int.from_bytes(signature, 'big'), exponent, modulus).to_bytes(size, 'big') != padded:
            raise ValueError('Invalid JWT Signature.')
        now = time.time()
        if not (isinstance(claims.get('iat'), int) and isinstance(claims.get('exp'), int)
                and claims['iat'] < claims['exp'] <= claims['iat'] + 3600
                and claims['iat'] <= now + 300 and now < claims['exp']):
            raise ValueError('Invalid JWT: Token must be a short-lived token (60 minutes) and'
                             ' in a reasonable timeframe.')
        if claims.get('iss') != self.cloud.args.email:
            raise ValueError('Invalid issuer.')
        return claims

    def self_signed(self, text):
        """A Token for a JWT that is used as one (AIP-4111), or None"""
        try:
            claims = self.claims(text)
        except ValueError:
            return None
        if claims.get('sub') != claims['iss'] or ('aud' in claims) == ('scope' in claims):
            return None
        if 'scope' in claims:
            scopes = set(claims['scope'].split())
        elif claims['aud'] in AUDIENCES:
            scopes = {'https://www.googleapis.com' + AUDIENCES[claims['aud']]}
        else:
            return None
        return Token('self-signed', scopes)

    def issue(self, name, scopes):
        return self.cloud.issue(name, scopes, self.cloud.args.expires)

    def answer(self, name, scopes, **more):
        return reply_json({'access_token': self.issue(name, scopes), 'token_type': 'Bearer',
                           'expires_in': self.cloud.args.expires, **more})

    def grant(self, request):
        given = form(request)
        kind = given.pop('grant_type', '')
        if kind == 'refresh_token':
            if given == CLIENT:
                return self.answer('authorized-user', {CLOUD_PLATFORM},
                                   scope=CLOUD_PLATFORM)
            if given.get('refresh_token') != CLIENT['refresh_token']:
                return oauth(400, 'invalid_grant', 'Token has been expired or revoked.')
            return oauth(401, 'invalid_client', 'The OAuth client was not found.')
        if kind != GRANT + 'jwt-bearer':
            return oauth(400, 'unsupported_grant_type', f'Invalid grant_type: {kind}')
        try:
            claims = self.claims(given.get('assertion', ''))
        except ValueError as error:
            return oauth(400, 'invalid_grant', str(error))
        if claims.get('aud') not in ('https://oauth2.googleapis.com/token',
                                     request.base() + '/token'):
            return oauth(400, 'invalid_grant', 'Invalid JWT: Failed audience check.')
        scopes = set(claims.get('scope', '').split())
        if not scopes:
            return oauth(400, 'invalid_scope', 'Invalid OAuth scope or ID token audience provided.')
        return self.answer('service-account', scopes)

    def exchange(self, request):
        """STS: a foreign token for one of Google's"""
        given = form(request)
        want = {'grant_type': GRANT + 'token-exchange', 'requested_token_type': ACCESS,
                'subject_token': SUBJECT}
        if any(given.get(name) != value for name, value in want.items()):
            return oauth(400, 'invalid_grant', 'The subject token is not valid.')
        if not given.get('audience', '').startswith('//iam.googleapis.com/'):
            return oauth(400, 'invalid_request', 'Invalid value for "audience".')
        if not given.get('subject_token_type', '').startswith('urn:ietf:params:oauth:token-type:'):
            return oauth(400, 'invalid_request', 'Invalid value for "subject_token_type".')
        return self.answer('sts', set(given.get('scope', '').split()), issued_token_type=ACCESS)

    def impersonate(self, request):
        given = request.json()
        scopes, lifetime = given.get('scope'), given.get('lifetime', '3600s')
        if not isinstance(scopes, list) or not scopes or not re.fullmatch('[0-9]+s', lifetime):
            raise Refusal(400, 'badRequest', 'Request contains an invalid argument.',
                          status='INVALID_ARGUMENT')
        if request.params['email'] != self.cloud.args.email:
            raise Refusal(404, 'notFound', 'Unknown service account', status='NOT_FOUND')
        end = datetime.fromtimestamp(time.time() + self.cloud.args.expires, timezone.utc)
        return reply_json({'accessToken': self.issue('impersonated', set(scopes)),
                           'expireTime': end.strftime('%Y-%m-%dT%H:%M:%SZ')})

    def subject(self, request):
        """A foreign token, for who sends the header that the credentials name"""
        if request.header('X-Subject') != 'please':
            raise Refusal(403, 'forbidden', 'No header X-Subject')
        return reply_json({'token': SUBJECT})

    def metadata_token(self, request):
        check_flavor(request)
        scopes = set(filter(None, request.query.get('scopes', '').split(',')))
        reply = self.answer('metadata', scopes or {CLOUD_PLATFORM})
        reply.set(*FLAVOR)
        return reply

    def metadata_account(self, request):
        check_flavor(request)
        return reply_json({'aliases': ['default'], 'email': self.cloud.args.email,
                           'scopes': [CLOUD_PLATFORM]}, headers=[FLAVOR])

    def metadata_text(self, request):
        if request.op != 'metadata.ping':
            check_flavor(request)
        text = {'metadata.email': self.cloud.args.email,
                'metadata.project': self.cloud.args.project}.get(request.op, 'computeMetadata/\n')
        return Reply(200, text.encode(), [('Content-Type', 'application/text'), FLAVOR])


def check_flavor(request):
    if request.header(FLAVOR[0]) != FLAVOR[1] or 'X-Forwarded-For' in request.headers:
        raise Refusal(403, 'forbidden', 'Your client does not have permission to get this URL.')
