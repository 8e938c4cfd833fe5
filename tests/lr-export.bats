load helper

# Rows and a model of them with powers, products, levels and odd names.
setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    python3 - > in.csv << 'END'
import csv, random, sys
random.seed(8)
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["a b", 'b"q', "c'd", "y"])
for i in range(80):
    a, b, c = random.uniform(-9, 9), random.uniform(0, 500), random.choice(["r", "s'", 't"\\', "ü<&"])
    out.writerow([f"{a:.4f}", f"{b:.{random.randint(0, 6)}f}", c, f"{a ** 3 + b * a + len(c) + random.gauss(0, 5):.3f}"])
END
    names='"a b","b""q"'
    lr-train -y y -x "$names" -p 'a b:3' -c 'a b*b"q' -C "c'd" -c "c'd*a b" in.csv > model.json 2> said
    lr-predict -m model.json -c p in.csv > predicted.csv
}

setup() {
    set -o pipefail
    cd "$BATS_FILE_TMPDIR" || return
}

@test "lr-export: SQL on SQLite gives what lr-predict gives, to all its digits" {
    lr-export -m model.json --to sql:sqlite --table predicted > model.sql
    rm -f db
    sqlite3 db '.import --csv predicted.csv predicted'
    sqlite3 -csv -header db < model.sql > scored.csv
    python3 - << 'END'
import csv
from decimal import ROUND_HALF_EVEN, Context, Decimal
rows = list(csv.DictReader(open("scored.csv")))
assert len(rows) == 80
for row in rows:
    assert Context(prec=17, rounding=ROUND_HALF_EVEN).plus(Decimal(row["predicted_y"])) == Decimal(row["p"]), row
END
}

@test "lr-export: SQL has no prediction for a new level or a missing value" {
    lr-export -m model.json --to sql:sqlite --table predicted -c guess > model.sql
    rm -f db
    head -n 1 predicted.csv > odd.csv
    printf '1,2,new,3,4\n1,2,r,3,4\n' >> odd.csv
    sqlite3 db '.import --csv odd.csv predicted'
    sqlite3 db "INSERT INTO predicted VALUES (NULL, 2, 'r', 3, 4), (1, 2, NULL, 3, 4)"
    sqlite3 -csv db < model.sql | awk -F, '{ print ($NF == "") }' | tr -d '\n' > out
    file_is out 1011
}

@test "lr-export: Python code gives what lr-predict gives" {
    lr-export -m model.json --to python > exported.py
    python3 - << 'END'
import csv
from decimal import Decimal
from exported import predict_row
rows = list(csv.DictReader(open("predicted.csv")))
assert len(rows) == 80 and all(predict_row(row) == Decimal(row["p"]) for row in rows)
try:
    predict_row(dict(rows[0], **{"c'd": "new"}))
    assert False
except ValueError:
    pass
END
}

@test "lr-export: R code gives what lr-predict gives, in double precision" {
    command -v Rscript > /dev/null || skip "no R"
    lr-export -m model.json --to r > model.R
    Rscript -e 'source("model.R"); rows <- read.csv("predicted.csv", check.names = FALSE, quote = "\"")
        stopifnot(nrow(rows) == 80, all(abs(predict_rows(rows) - rows$p) <= 1e-9 * abs(rows$p)))'
}

@test "lr-export: PMML holds every term, for a reader of XML to add up" {
    lr-export -m model.json --to pmml > model.pmml
    python3 - << 'END'
import csv, math
import xml.etree.ElementTree as tree
space = {"p": "http://www.dmg.org/PMML-4_4"}
model = tree.parse("model.pmml").getroot().find("p:RegressionModel", space)
table = model.find("p:RegressionTable", space)
derived = {d.get("name"): d[0] for d in model.findall("p:LocalTransformations/p:DerivedField", space)}
def field(row, name):
    if name in derived:
        return row[derived[name].get("field")] == derived[name].get("value")
    return float(row[name])
for row in csv.DictReader(open("predicted.csv")):
    parts = [float(table.get("intercept"))]
    for term in table:
        product = float(term.get("coefficient"))
        if term.tag.endswith("NumericPredictor"):
            product *= float(row[term.get("name")]) ** int(term.get("exponent"))
        elif term.tag.endswith("CategoricalPredictor"):
            product *= row[term.get("name")] == term.get("value")
        else:
            for ref in term:
                product *= field(row, ref.get("field"))
        parts.append(product)
    assert math.isclose(math.fsum(parts), float(row["p"]), rel_tol=1e-9), row
END
}

@test "lr-export: SQL for BigQuery is one SELECT of BIGNUMERIC" {
    printf 'x,c,y\n1,a,2\n2,b,3\n3,a,3\n4,b,6\n' | lr-train -y y -x x -C c > small.json
    lr-export -m small.json --to sql:bigquery --table data.rows > out
    file_is out "-- Exact but for what is beyond the 38 decimals of BIGNUMERIC.
SELECT *,
  BIGNUMERIC '0.5'
  + BIGNUMERIC '1' * CAST(\`x\` AS BIGNUMERIC)
  + BIGNUMERIC '1' * CASE WHEN \`c\` = 'b' THEN 1 WHEN \`c\` IN ('a', 'b') THEN 0 END
  AS \`predicted_y\`
FROM data.rows
"
}

@test "lr-export: says which language it cannot print" {
    run -2 --separate-stderr lr-export -m model.json --to cobol
    [ "${stderr_lines[0]}" = "lr-export: -T: 'cobol' is no language to print" ]
    run -2 --separate-stderr lr-export --to r
    [ "${stderr_lines[0]}" = "lr-export: -m MODEL and -T LANGUAGE are needed" ]
    run -2 --separate-stderr lr-export -m nowhere --to r
    stderr_is "lr-export: nowhere: No such file or directory"
}
