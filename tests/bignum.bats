# Whole numbers and floating point of any size, against Python's.
load helper

UNIT=${SLUICE_TESTS:-$ROOT/build/tests}/unit

@test "bigint: sums, products, remainders and texts are Python's" {
    python3 - "$UNIT/bigint" << 'END'
import random, subprocess, sys
random.seed(5)
def number():
    k = random.choice([1, 5, 18, 19, 20, 37, 60, 200, 1000])
    power = 2 ** random.choice([63, 64, 127, 128, 255, 256, 511])
    return random.choice([1, -1]) * random.choice([random.randrange(10 ** k), 10 ** k - 1, 10 ** k, power, power - 1])
def cut(a, d):
    return (abs(a) // d) * (1 if a >= 0 else -1)
def text(a, scale):
    s = str(abs(a)).rjust(scale + 1, '0')
    s = (s[:len(s) - scale] + '.' + s[len(s) - scale:]).rstrip('0').rstrip('.')
    return '-' + s if a < 0 else s
big, small = number, lambda: random.randrange(1, 10 ** 18)
ops = {
    'add': (big, lambda a, b: a + b), 'sub': (big, lambda a, b: a - b), 'mul': (big, lambda a, b: a * b),
    'div': (small, cut), 'mod': (small, lambda a, b: a % b),
    'scale': (lambda: random.randrange(400), lambda a, b: a * 10 ** b),
    'shifted': (lambda: random.randrange(-10 ** 18, 10 ** 18), lambda a, b: a + (b * 1000000007 << 77)),
    'bits': (big, lambda a, b: abs(a).bit_length()),
    'compare': (lambda: random.choice([number(), 0]), lambda a, b: (a > b) - (a < b)),
    'text': (lambda: random.randrange(60), text),
}
asked, want = [], []
for _ in range(5000):
    op = random.choice(list(ops))
    a, b = number(), ops[op][0]()
    asked.append(f'{op} {a} {b}')
    want.append(str(ops[op][1](a, b)))
got = subprocess.run([sys.argv[1], 'calculate'], input='\n'.join(asked), capture_output=True, text=True, check=True).stdout.split()
wrong = [(q, w, g) for q, w, g in zip(asked, want, got) if w != g]
assert len(got) == len(want) and not wrong, wrong[:3]
END
}

@test "bigfloat: sums, products, quotients and roots are Python's, to the last limb but one" {
    python3 - "$UNIT/bigfloat" << 'END'
import random, subprocess, sys
from decimal import Decimal, getcontext
getcontext().prec = 700
random.seed(7)
def number():
    k = random.choice([1, 3, 15, 40])
    plain = random.choice(['1', '2', '9999999999999999999999', '0.5', '1e-30', '-1', '0.25'])
    return random.choice([plain, f"{random.choice([1, -1]) * random.randrange(1, 10 ** k)}e{random.randrange(-60, 60)}"])
ops = {'add': lambda a, b: a + b, 'sub': lambda a, b: a - b, 'mul': lambda a, b: a * b,
       'div': lambda a, b: a / b, 'sqrt': lambda a, b: a.sqrt()}
asked, want = [], []
for _ in range(5000):
    op, size = random.choice(list(ops)), random.choice([2, 4, 8, 16])
    a, b = number(), number()
    if op == 'sqrt':
        a = a.lstrip('-')
    if op in ('add', 'sub') and random.random() < .2:
        b = a
    asked.append(f'{op} {size} {a} {b}')
    x, y = Decimal(a), Decimal(b)
    # a decimal is rounded when it is read, which a difference shows
    scale = max(abs(x), abs(y)) if op in ('add', 'sub') else abs(ops[op](x, y))
    want.append((ops[op](x, y), scale * Decimal(10) ** -(19 * size - 4)))
got = subprocess.run([sys.argv[1], 'calculate'], input='\n'.join(asked), capture_output=True, text=True, check=True).stdout.split()
wrong = [(q, w[0], g) for q, w, g in zip(asked, want, got) if abs(Decimal(g) - w[0]) > w[1]]
assert len(got) == len(want) and not wrong, wrong[:3]
END
}
