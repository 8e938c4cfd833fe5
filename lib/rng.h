/* SPDX-License-Identifier: ISC */
/*
 * rng - pseudo-random numbers that are the same on every machine
 *
 * SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
 * generators, OOPSLA 2014; https://prng.di.unimi.it/splitmix64.c). Any state
 * is a good seed. Not for secrets.
 */
#ifndef RNG_H
#define RNG_H

#include <stdint.h>

/* The next 64 random bits. */
uint64_t rng_next(uint64_t *state);

/* A state that depends on all bits of both: to make a seed out of parts. */
uint64_t rng_mix(uint64_t state, uint64_t part);

#endif
