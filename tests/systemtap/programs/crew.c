// SPDX-License-Identifier: GPL-2.0-only
/*
 * The main thread, two more threads and a forked child execute the same 202
 * instructions at the same time.
 */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

void walk(void);
asm(".text\n"
	".globl walk\n"
	".type walk, @function\n"
	"walk:\n"
	"	mov	$100, %ecx\n"
	"1:	dec	%ecx\n"
	"	jnz	1b\n"
	"	ret\n"
	".size walk, . - walk\n");

static pthread_barrier_t all;

static void *member(void *arg)
{
	pthread_barrier_wait(&all);
	walk();
	return NULL;
}

int main(void)
{
	pthread_t thread[2];
	pid_t pid = fork();
	int i;

	if (!pid) {
		walk();
		_exit(0);
	}
	pthread_barrier_init(&all, NULL, 3);
	for (i = 0; i < 2; i++)
		pthread_create(&thread[i], NULL, member, NULL);
	member(NULL);
	for (i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	return pid < 0 || waitpid(pid, NULL, 0) != pid;
}
