# SPDX-License-Identifier: ISC
"""bqlex - the tokens of GoogleSQL"""
import re

from bqtables import JobError

TOKEN = re.compile(r'''
    (?P<space>\s+|--[^\n]*|\#[^\n]*|/\*.*?\*/)
  | (?P<string>(?:[rR][bB]?|[bB][rR]?)?(?:\'\'\'(?:\\.|[^\\])*?\'\'\'|"""(?:\\.|[^\\])*?"""
        |\'(?:\\.|[^\'\\\n])*\'|"(?:\\.|[^"\\\n])*"))
  | (?P<number>0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<quoted>`(?:\\.|[^`\\\n])+`)
  | (?P<parameter>@@?[A-Za-z_][\w.]*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<sign><>|!=|<=|>=|\|\||<<|>>|=>|[-+*/=<>().,;\[\]|&^~?:])
''', re.VERBOSE | re.DOTALL)
ESCAPES = {'n': '\n', 't': '\t', 'r': '\r', 'a': '\a', 'b': '\b', 'f': '\f', 'v': '\v',
           '\\': '\\', '?': '?', '"': '"', "'": "'", '`': '`'}
ESCAPE = re.compile(r'\\(x[0-9a-fA-F]{2}|X[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}'
                    r'|[0-3][0-7]{2}|.)', re.DOTALL)


class Token:
    """kind: word, quoted, string, bytes, number, parameter, sign or end; up: in capitals"""

    def __init__(self, kind, text, place):
        self.kind, self.text, self.place = kind, text, place
        self.up = text.upper() if kind in ('word', 'sign') else None


def invalid(message, place=None):
    return JobError('invalidQuery', message + (f' at [{place[0]}:{place[1]}]' if place else ''))


def unescape(text, place):
    def one(found):
        what = found[1]
        if what[0] in 'xXuU':
            return chr(int(what[1:], 16))
        if what[0] in '0123' and len(what) == 3:
            return chr(int(what, 8))
        if what not in ESCAPES:
            raise invalid(f'Syntax error: Illegal escape sequence: \\{what}', place)
        return ESCAPES[what]
    return ESCAPE.sub(one, text)


def literal(text, place):
    """(kind, value) of a string or bytes literal"""
    prefix = re.match('[rRbB]*', text)[0].lower()
    text = text[len(prefix):]
    text = text[3:-3] if len(text) >= 6 and text[:3] in ('"""', "'''") else text[1:-1]
    if 'r' not in prefix:
        text = unescape(text, place)
    return 'bytes' if 'b' in prefix else 'string', text


def tokens(text):
    found, position = [], 0
    while position < len(text):
        before = text[:position]
        place = before.count('\n') + 1, position - before.rfind('\n')
        match = TOKEN.match(text, position)
        if not match:
            raise invalid(f'Syntax error: Unexpected "{text[position]}"', place)
        kind, piece = match.lastgroup, match[0]
        position = match.end()
        if kind == 'string':
            found.append(Token(*literal(piece, place), place))
        elif kind == 'quoted':
            found.append(Token(kind, unescape(piece[1:-1], place), place))
        elif kind != 'space':
            found.append(Token(kind, piece, place))
    end = text.count('\n') + 1, len(text) - text.rfind('\n')
    return found + [Token('end', 'end of script', end)]
