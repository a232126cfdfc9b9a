// SPDX-License-Identifier: GPL-2.0-only
/*
 * Print "ready", then crash in the requested way:
 *
 *	crash HOW	segv, abort, fpe, thread, twice, handled, pause,
 *			sleepers
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int *nowhere;
static int somewhere;

/* A debugger can prevent the crash by: set var pointer = &somewhere */
static void write_to(int *pointer)
{
	*pointer = 1;
}

static void the_bug(void)
{
	write_to(nowhere);
}

static void *crashing_thread(void *arg)
{
	the_bug();
	return arg;
}

static void *sleeping_thread(void *arg)
{
	pause();
	return arg;
}

static void handler(int sig)
{
	(void)sig;
	_exit(7);
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	pthread_t thread;

	for (int i = 0; i < 3 && !strcmp(how, "sleepers"); i++)
		pthread_create(&thread, NULL, sleeping_thread, NULL);
	/* the background jobs of a shell ignore SIGQUIT */
	signal(SIGQUIT, SIG_DFL);
	puts("ready");
	fflush(stdout);
	if (!strcmp(how, "segv")) {
		the_bug();
	} else if (!strcmp(how, "twice")) {
		the_bug();
		the_bug();
	} else if (!strcmp(how, "abort")) {
		abort();
	} else if (!strcmp(how, "fpe")) {
		return argc / (argc - 2);
	} else if (!strcmp(how, "thread")) {
		pthread_create(&thread, NULL, crashing_thread, NULL);
		pthread_join(thread, NULL);
	} else if (!strcmp(how, "handled")) {
		signal(SIGSEGV, handler);
		the_bug();
	} else if (!strcmp(how, "pause") || !strcmp(how, "sleepers")) {
		pause();
	} else {
		return 2;
	}
	puts(somewhere ? "mended" : "gone on");
	return 0;
}
