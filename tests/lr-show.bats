load helper

@test "lr-show: prints the table that R prints, on Longley's data" {
    need_data nist
    lr-train -y y -x all "$DATA/nist/Longley.csv" | lr-show > out
    file_is out "y by least squares, 16 rows

                 Estimate  Std. Error    t value  Pr(>|t|)
(Intercept)  -3.48226e+06      890420    -3.9108   0.00356 **
x1                15.0619     84.9149   0.177376     0.863
x2             -0.0358192    0.033491   -1.06952     0.313
x3               -2.02023      0.4884   -4.13643   0.00254 **
x4               -1.03323    0.214274   -4.82199  0.000944 ***
x5             -0.0511041    0.226073  -0.226051     0.826
x6                1829.15     455.478    4.01589   0.00304 **
---
Signif. codes: 0 '***' 0.001 '**' 0.01 '*' 0.05 '.' 0.1 ' ' 1

Residual standard error: 304.854 on 9 degrees of freedom
R-squared: 0.995479, adjusted: 0.992465
F-statistic: 330.285 on 6 and 9 DF, p-value: 4.98e-10
AIC: 235.23, BIC: 241.42
Condition number: 43275
"
}

@test "lr-show: says in words what to mind" {
    printf 'x,z,w,y\n1,2,1,1\n2,4,2,4\n3,6,3,2\n4,8,4.0000000001,7\n5,10,5,5\n,1,1,1\n' |
        lr-train -y y -x x,z,w 2> said | lr-show | sed -n '/left out/p; /^Note/p' > out
    sed -i 's/grow .* times/grow N times/' out
    file_is out "  (1 rows left out, with missing values)
Note: dropped, since others determine it: z = 2 x
Note: nearly collinear: a relative change of the data can grow N times in the coefficients
Note: 'x', 'w': nearly determined by the others (VIF above 10000), so these coefficients are right to the digit but say little one by one
"
    printf 'x,y\n1,3\n2,5\n3,7\n' | lr-train -y y -x x | lr-show | grep '^Note' > out
    file_is out 'Note: the fit is perfect: the residuals are exactly 0, so there is nothing to test
'
    printf 'x,y\n1,3\n2,5\n' | lr-train -y y -x x | lr-show | grep -c 'as many coefficients as rows'
    printf 'x,y\n1,3\n2,6\n3,7\n' | lr-train -I -y y -x x | lr-show | grep -c '(about zero, not about the mean)'
}

@test "lr-show: tells of a ridge, of folds and of a selection" {
    printf 'k,x,z,y\n1,1,2,1\n2,2,1,2.1\n3,3,6,2.9\n4,4,5,4.2\n5,5,1,4.9\n6,6,4,6\n' > in
    lr-train -y y -x x,z -r 0.5 -K 2 -B block in | lr-show | tail -n 2 > out
    sed -i 's/RMSE .*/RMSE N/' out
    file_is out 'Ridge: lambda 0.5, so there are no standard errors
Cross-validation over 2 folds: RMSE N
'
    lr-train -y y -x x,z -s bic in | lr-show | tail -n 1 > out
    file_is out 'Selected by bic: 1 terms left out
'
}

@test "lr-show: --json has all digits, and the notes in a list" {
    printf 'x,z,y\n1,2,2\n2,4,4\n3,6,5\n4,8,4\n5,10,5\n' | lr-train -y y -x x,z 2> said > model
    lr-show --json model > out
    file_is out '{
  "target": "y",
  "n": 5,
  "df": 3,
  "rsd": "0.8944271909999158785636695",
  "sst_kind": "centred",
  "r2": "0.6",
  "adj_r2": "0.4666666666666666666666667",
  "f": "4.5",
  "f_p": 0.12402706265755463,
  "aic": 16.519539456645724,
  "bic": 15.347853193948026,
  "cond": 4.46653,
  "terms": [
    {"name": "1", "coef": "2.2", "se": "0.938083151964685910913126", "t": "2.345207879911714777282815", "p": 0.10074345608542004},
    {"name": "x", "coef": "0.6", "se": "0.2828427124746190097603377", "t": "2.121320343559642573202533", "p": 0.12402706265755463}
  ],
  "warnings": [
    "dropped, since others determine it: z = 2 x"
  ]
}
'
}

@test "lr-show: refuses what is no model" {
    run -2 --separate-stderr lr-show <<< '{"format": "sluice-lr", "version": 1}'
    stderr_is "lr-show: standard input: not a model of lr-train, or of another version"
    run -2 --separate-stderr lr-show nowhere
    stderr_is "lr-show: nowhere: No such file or directory"
    run -2 --separate-stderr lr-show a b
    [ "${stderr_lines[0]}" = "lr-show: one model at a time" ]
}
