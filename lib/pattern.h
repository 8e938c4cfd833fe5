/* SPDX-License-Identifier: ISC */
/*
 * pattern - which POSIX extended regular expressions are safe to compile
 *
 * regcomp() of glibc writes repetitions out, so that a short pattern can take
 * hours and gigabytes, and it calls itself for each parenthesis. A pattern
 * comes from a file, so it is measured before.
 */
#ifndef PATTERN_H
#define PATTERN_H

/*
 * What is wrong with a pattern, as in "two repetitions in a row" (static), or
 * NULL: a repetition of a repetition, which POSIX leaves undefined; parentheses
 * over 100 deep; over 10,000 characters when bounds and + are written out. What
 * else is wrong is regcomp()'s to say.
 */
const char *pattern_refuse(const char *pattern);

#endif
