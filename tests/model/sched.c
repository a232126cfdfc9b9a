// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run the model in threads or coroutines: see sched.h.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <ucontext.h>

#include "sched.h"

#define STACK_SIZE	(32 * 1024)

static struct coroutine {
	ucontext_t context;
	void (*actor)(void);
	char *stack;
	bool over;
} coroutines[MAX_ACTORS];

static ucontext_t scheduler;
static int nr_coroutines;	/* 0: threads */
static int running;
static _Thread_local unsigned long long state;

unsigned int any(unsigned int n)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (state >> 33) % n;
}

static void switch_away(void)
{
	swapcontext(&coroutines[running].context, &scheduler);
}

void relax(void)
{
	if (nr_coroutines)
		switch_away();
	else
		sched_yield();
}

void point(void)
{
	if (nr_coroutines) {
		/* run one thread for several points, or switch at each */
		if (!any(4))
			switch_away();
	} else if (!any(512)) {
		sched_yield();
	}
}

static void run_one(void)
{
	struct coroutine *me = &coroutines[running];

	me->actor();
	me->over = true;
	switch_away();
}

static int pick(void)
{
	int left = 0, i;

	for (i = 0; i < nr_coroutines; i++)
		left += !coroutines[i].over;
	if (!left)
		return -1;
	left = any(left);
	for (i = 0; coroutines[i].over || left--; i++)
		;
	return i;
}

static void make_coroutine(struct coroutine *c, void (*actor)(void))
{
	if (!c->stack)
		c->stack = malloc(STACK_SIZE);
	if (!c->stack) {
		perror("malloc");
		exit(1);
	}
	getcontext(&c->context);
	c->context.uc_stack.ss_sp = c->stack;
	c->context.uc_stack.ss_size = STACK_SIZE;
	c->actor = actor;
	c->over = false;
	makecontext(&c->context, run_one, 0);
}

void run_coroutines(void (*const actors[])(void), int n, unsigned int seed)
{
	int i;

	state = seed;
	nr_coroutines = n;
	for (i = 0; i < n; i++)
		make_coroutine(&coroutines[i], actors[i]);
	while ((running = pick()) >= 0)
		swapcontext(&scheduler, &coroutines[running].context);
	nr_coroutines = 0;
}

struct thread {
	pthread_t id;
	void (*actor)(void);
	unsigned int seed;
};

static void *run_thread(void *arg)
{
	struct thread *thread = arg;

	state = thread->seed;
	thread->actor();
	return NULL;
}

void run_threads(void (*const actors[])(void), int n, unsigned int seed)
{
	struct thread threads[MAX_ACTORS];
	int i;

	for (i = 0; i < n; i++) {
		threads[i].actor = actors[i];
		threads[i].seed = seed + i;
		if (pthread_create(&threads[i].id, NULL, run_thread,
				   &threads[i])) {
			fprintf(stderr, "pthread_create failed\n");
			exit(1);
		}
	}
	for (i = 0; i < n; i++)
		pthread_join(threads[i].id, NULL);
}
