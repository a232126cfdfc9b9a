// SPDX-License-Identifier: GPL-2.0-only
/*
 * threads N: N threads, each with its own number of getppid() calls, one after
 * the other in one half of its life, all at once in the other.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST 16

static pthread_barrier_t together;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static long calls;

__attribute__((noinline)) void work(int nr)
{
	for (int i = 0; i <= nr; i++)
		syscall(SYS_getppid);
	__atomic_add_fetch(&calls, nr + 1, __ATOMIC_SEQ_CST);
}

static void *thread(void *arg)
{
	int nr = (long)arg;

	pthread_mutex_lock(&turn);
	work(nr);
	pthread_mutex_unlock(&turn);
	pthread_barrier_wait(&together);
	work(nr);
	return NULL;
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 4;
	pthread_t threads[MOST];

	if (n < 1 || n > MOST)
		return 1;
	pthread_barrier_init(&together, NULL, n);
	for (long i = 0; i < n; i++)
		if (pthread_create(&threads[i], NULL, thread, (void *)i))
			return 1;
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	printf("calls %ld\n", calls);
	return 0;
}
