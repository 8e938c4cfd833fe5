# SPDX-License-Identifier: ISC
"""crc32c - CRC-32C (Castagnoli) without anything but Python, at memory speed

The checksum is linear: that of two halves is that of the first, moved on by
the length of the second, xor that of the second. So a block is taken as a row
of 32-bit words, folded in the middle until one word is left; each fold moves a
whole half at once, by byte tables and integers as long as the half.
"""
import base64
from functools import lru_cache

POLYNOMIAL = 0x82F63B78
LARGEST = 1 << 20  # bytes of a block that is folded
SMALLEST = 1 << 8


def byte_step(crc):
    for _ in range(8):
        crc = crc >> 1 ^ (POLYNOMIAL if crc & 1 else 0)
    return crc


BYTE = [byte_step(byte) for byte in range(256)]


def apply(matrix, value):
    result = 0
    for row in matrix:
        if value & 1:
            result ^= row
        value >>= 1
    return result


@lru_cache(maxsize=None)
def moved(power):
    """The matrix that moves a checksum on by 2**power bytes of zero"""
    if power == 0:
        return [BYTE[1 << bit & 255] ^ 1 << bit >> 8 for bit in range(32)]
    half = moved(power - 1)
    return [apply(half, row) for row in half]


@lru_cache(maxsize=None)
def tables(power):
    """tables(p)[i][o]: what byte i of a word gives to byte o, moved on by 2**p"""
    matrix = moved(power)
    words = [[apply(matrix, value << 8 * i) for value in range(256)] for i in range(4)]
    return [[bytes(word >> 8 * o & 255 for word in words[i]) for o in range(4)]
            for i in range(4)]


def fold(block):
    """The checksum of a block of 4 * 2**n bytes, without its first and last inversion"""
    planes = [block[i::4] for i in range(4)]
    power = len(block).bit_length() - 1
    while len(planes[0]) > 1:
        half = len(planes[0]) // 2
        power -= 1
        table = tables(power)
        folded = []
        for o in range(4):
            sum_ = int.from_bytes(planes[o][half:], 'little')
            for i in range(4):
                sum_ ^= int.from_bytes(planes[i][:half].translate(table[i][o]), 'little')
            folded.append(sum_.to_bytes(half, 'little'))
        planes = folded
    return apply(moved(2), int.from_bytes(b''.join(planes), 'little'))


class Crc32c:
    """A checksum that grows with its data"""

    def __init__(self, data=b''):
        self.state = 0xFFFFFFFF
        self.update(data)

    def update(self, data):
        data = memoryview(data)
        size = LARGEST
        while size >= SMALLEST:
            while len(data) >= size:
                head = int.from_bytes(data[:4], 'little') ^ self.state
                self.state = fold(head.to_bytes(4, 'little') + data[4:size].tobytes())
                data = data[size:]
            size //= 2
        for byte in data:
            self.state = BYTE[(self.state ^ byte) & 255] ^ self.state >> 8

    def base64(self):
        """As Google writes it: the four bytes, most significant first"""
        return base64.b64encode((self.state ^ 0xFFFFFFFF).to_bytes(4, 'big')).decode()
