// SPDX-License-Identifier: GPL-2.0-only
/* The sequence fuzzer: see fuzz.h, and Documentation/testing.rst. */
#include <getopt.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "../rig.h"
#include "fuzz.h"

static const char usage[] =
	"Usage: fuzz [--seed S] [--count N] [--rounds R] [--mutate] [--print]\n"
	"       fuzz --replay FILE [--rounds R] [--mutate]\n"
	"\n"
	"Plays the sequences of the seeds S, S+1 ... S+N-1, or those of FILE, each R times,\n"
	"and prints their transcripts.  --print only prints the sequences, as --replay takes\n"
	"them.  --mutate: PTRACE_CONT loses its signal, for a test of the comparison.\n"
	"Needs root, in a virtual machine: it makes namespaces and takes processor 0.\n";

static struct {
	unsigned long seed, count, rounds;
	const char *replay;
	bool print, mutate;
} opt = { .seed = 1, .count = 1, .rounds = 1 };

/* In a pid namespace of its own, with the /proc of that; from the sequence first on */
static int drive(unsigned long first)
{
	FILE *file = opt.replay ? fopen(opt.replay, "r") : NULL;
	struct sequence seq;
	unsigned long n, round;
	int got;

	if (opt.replay && !file) {
		fprintf(stderr, "fuzz: %s: %s\n", opt.replay, strerror(errno));
		return 2;
	}
	for (n = 0; opt.replay || n < opt.count; n++) {
		if (opt.replay) {
			got = read_sequence(file, &seq);
			if (got <= 0)
				return got ? 2 : 0;
		} else {
			generate(opt.seed + n, &seq);
		}
		if (n < first)
			continue;
		SHARED->at = n + 1;
		if (opt.print) {
			print_sequence(&seq);
			continue;
		}
		for (round = 0; round < opt.rounds; round++)
			run_sequence(&seq);
	}
	return 0;
}

static pid_t start_driver(unsigned long first)
{
	pid_t pid;

	fflush(stdout);
	if (unshare(CLONE_NEWPID | CLONE_NEWNS))
		return -1;
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setsid();
		idle_priority(false);
		if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		    mount("proc", "/proc", "proc", 0, NULL)) {
			perror("fuzz: /proc");
			_exit(2);
		}
		exit(drive(first));
	}
	return pid;
}

/* Until it ends, or has not got on for a minute */
static bool watch_driver(pid_t pid, int *status)
{
	unsigned int beat = SHARED->beat + SHARED->at, still = 0;

	while (still < 600) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return true;
		usleep(100000);
		if (beat != SHARED->beat + SHARED->at)
			still = 0;
		else
			still++;
		beat = SHARED->beat + SHARED->at;
	}
	return false;
}

/* A driver that dies or hangs costs its sequence, not those that follow */
static int supervise(void)
{
	unsigned long first = 0;
	int status, failed = 0;
	pid_t pid;

	while (failed < 20) {
		pid = start_driver(first);
		if (pid < 0) {
			perror("fuzz: a pid namespace");
			return 2;
		}
		if (watch_driver(pid, &status) && WIFEXITED(status) && WEXITSTATUS(status) != 1)
			return WEXITSTATUS(status) ? 2 : failed > 0;
		failed++;
		printf("\nTIME-OUT: the driver does not get on, or died\n");
		kill(pid, SIGKILL);
		first = SHARED->at;
		/* the next namespace needs a parent that has made none */
		if (fork() == 0)
			continue;
		wait(&status);
		return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
	}
	return 1;
}

static bool parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", 1, NULL, 's' }, { "count", 1, NULL, 'n' }, { "rounds", 1, NULL, 'r' },
		{ "replay", 1, NULL, 'f' }, { "print", 0, NULL, 'p' }, { "mutate", 0, NULL, 'm' },
		{ "help", 0, NULL, 'h' }, { }
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 's':
			opt.seed = strtoul(optarg, NULL, 0);
			break;
		case 'n':
			opt.count = strtoul(optarg, NULL, 0);
			break;
		case 'r':
			opt.rounds = strtoul(optarg, NULL, 0);
			break;
		case 'f':
			opt.replay = optarg;
			break;
		case 'p':
			opt.print = true;
			break;
		case 'm':
			opt.mutate = true;
			break;
		default:
			fputs(usage, c == 'h' ? stdout : stderr);
			exit(c == 'h' ? 0 : 2);
		}
	}
	return optind == argc;
}

int main(int argc, char **argv)
{
	const struct rlimit none = { };

	if (argc == 3 && !strcmp(argv[1], "--image")) {
		map_shared(false);
		inner_start(*argv[2] == 'A' ? ROLE_A : ROLE_B, false);
	}
	if (!parse(argc, argv)) {
		fputs(usage, stderr);
		return 2;
	}
	map_shared(true);
	SHARED->mutate = opt.mutate;
	setrlimit(RLIMIT_CORE, &none);
	if (opt.print)
		return drive(0);
	return supervise();
}
