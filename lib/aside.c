/* SPDX-License-Identifier: ISC */
#include "aside.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "buf.h"

struct aside {
	pthread_t thread;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t moved;
	void (*work)(void *user); /* to do or being done; NULL: nothing */
	void *user;
	bool over;
};

static void *
run(void *user)
{
	struct aside *aside = user;

	pthread_mutex_lock(&aside->lock);
	while (!aside->over) {
		if (!aside->work) {
			pthread_cond_wait(&aside->moved, &aside->lock);
			continue;
		}
		pthread_mutex_unlock(&aside->lock);
		aside->work(aside->user);
		pthread_mutex_lock(&aside->lock);
		aside->work = NULL;
		pthread_cond_broadcast(&aside->moved);
	}
	pthread_mutex_unlock(&aside->lock);
	return NULL;
}

static void
release(struct aside *aside)
{
	pthread_cond_destroy(&aside->moved);
	pthread_mutex_destroy(&aside->lock);
	free(aside);
}

struct aside *
aside_new(void)
{
	struct aside *aside = xcalloc(1, sizeof(*aside));

	pthread_mutex_init(&aside->lock, NULL);
	pthread_cond_init(&aside->moved, NULL);
	if (!pthread_create(&aside->thread, NULL, run, aside))
		return aside;
	release(aside);
	return NULL;
}

void
aside_free(struct aside *aside)
{
	if (!aside)
		return;
	pthread_mutex_lock(&aside->lock);
	aside->over = true;
	pthread_cond_broadcast(&aside->moved);
	pthread_mutex_unlock(&aside->lock);
	pthread_join(aside->thread, NULL);
	release(aside);
}

void
aside_start(struct aside *aside, void (*work)(void *user), void *user)
{
	pthread_mutex_lock(&aside->lock);
	aside->work = work;
	aside->user = user;
	pthread_cond_broadcast(&aside->moved);
	pthread_mutex_unlock(&aside->lock);
}

void
aside_wait(struct aside *aside)
{
	pthread_mutex_lock(&aside->lock);
	while (aside->work)
		pthread_cond_wait(&aside->moved, &aside->lock);
	pthread_mutex_unlock(&aside->lock);
}
