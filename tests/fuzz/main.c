// SPDX-License-Identifier: GPL-2.0-only
/* The fuzzer of engines: see fuzz.h, and Documentation/testing.rst. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

static const char usage[] =
	"Usage: fuzz-engines [--seed S] [--count N] [--ops K] [--rounds R] [--time SEC]\n"
	"                    [--at FILE]\n"
	"                    [--show FAULT,...] [--wrong] [--no-engines] [--print] [--verbose]\n"
	"\n"
	"Runs the sequences of the seeds S, S+1 ... S+N-1, each R times, or as many as fit in\n"
	"SEC seconds.  A sequence that fails is run again with fewer operations, and its\n"
	"shortest prefix that fails is printed.  --ops runs only the first K of each.\n"
	"--show: also generate what triggers a known fault: init_signal, init_step, probe_step,\n"
	"seccomp_watch, forged_stop, hold_loop, late_release, lost_resume, left_trap.\n"
	"--wrong: some engines return random bits; the results of programs are then not\n"
	"checked.  --no-engines: signals, freezer and ptracer only, on any kernel.\n"
	"--print: print the sequences, run none.  --at: write the seed of the last run to FILE.\n"
	"Needs root, in a virtual machine, with the module utrace_fuzz.\n";

struct options opt = { .seed = 1, .count = 1, .rounds = 1, .ops = -1, .slow = 1 };
struct shared *shared;
static long seconds;
static const char *at_file;

/* Run a sequence in a child, and kill the child if it does not end in time. */
static int play(struct sequence *seq)
{
	long start = now_ms(), objects;
	const char *complaint;
	int status = 0;
	pid_t pid, got;

	log_start();
	objects = layer_objects();
	fflush(stdout);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(run_sequence(seq));
	}
	while (!(got = waitpid(pid, &status, WNOHANG)) &&
	       now_ms() - start < 150000L * opt.slow)
		sleep_us(2000);
	if (!got) {
		printf("# seed %llu: no end\n", (unsigned long long)seq->seed);
		show_group(getpgrp());
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		status = 1;
	}
	/* PR_SET_PDEATHSIG kills what the child left; reap the orphans */
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	complaint = log_complaint(seq->wrong);
	if (complaint) {
		printf("# seed %llu: the kernel's log: %s\n",
		       (unsigned long long)seq->seed, complaint);
		status = 1;
	}
	if (!status && settle_objects(objects) > objects) {
		printf("# seed %llu: %ld objects of the layer before, %ld after\n",
		       (unsigned long long)seq->seed, objects, layer_objects());
		status = 1;
	}
	return status;
}

static bool fails(struct sequence *seq, int ops, int rounds)
{
	bool failed = false;

	opt.ops = ops;
	while (rounds-- && !failed)
		failed = play(seq);
	return failed;
}

/* Find the shortest failing prefix by bisection, with 4 rounds for each. */
static void shorten(struct sequence *seq)
{
	int good = -1, bad = seq->n, mid, ops = opt.ops;

	if (ops >= 0 && ops < bad)
		bad = ops;
	if (!fails(seq, bad, 4)) {
		printf("# seed %llu: did not fail again in 4 rounds\n",
		       (unsigned long long)seq->seed);
		bad = seq->n;
	} else {
		while (bad - good > 1) {
			mid = good + (bad - good) / 2;
			if (fails(seq, mid, 4))
				bad = mid;
			else
				good = mid;
		}
	}
	printf("# seed %llu: shortest beginning that fails: --ops %d\n",
	       (unsigned long long)seq->seed, bad);
	print_sequence(seq, bad);
	opt.ops = ops;
}

/* Record the seed in a file that outlives a crash of the guest. */
static void note_seed(uint64_t seed)
{
	FILE *f = at_file ? fopen(at_file, "w") : NULL;

	if (!f)
		return;
	fprintf(f, "%llu\n", (unsigned long long)seed);
	fclose(f);
}

static bool play_seed(uint64_t seed)
{
	static struct sequence seq;
	bool failed;

	generate(seed, &seq);
	if (opt.print) {
		print_sequence(&seq, opt.ops);
		return true;
	}
	if (opt.verbose)
		printf("# seed %llu\n", (unsigned long long)seed);
	note_seed(seed);
	failed = fails(&seq, opt.ops, opt.rounds);
	if (failed)
		shorten(&seq);
	fflush(stdout);
	return !failed;
}

static void set_faults(char *text)
{
	static const char *const names[] = {
#define FAULT_NAME(name) #name,
		FAULTS(FAULT_NAME)
	};
	char *name, *save = NULL;
	int i;

	for (name = strtok_r(text, ", ", &save); name; name = strtok_r(NULL, ", ", &save)) {
		for (i = 0; i < N_FAULTS && strcmp(name, names[i]); i++)
			;
		if (i == N_FAULTS) {
			fprintf(stderr, "fuzz-engines: fault '%s' is unknown: see --help\n", name);
			exit(2);
		}
		opt.faults |= 1U << i;
	}
}

static void parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", 1, NULL, 's' }, { "count", 1, NULL, 'n' }, { "ops", 1, NULL, 'o' },
		{ "rounds", 1, NULL, 'r' }, { "time", 1, NULL, 't' },
		{ "at", 1, NULL, 'a' }, { "show", 1, NULL, 'f' },
		{ "wrong", 0, NULL, 'w' }, { "no-engines", 0, NULL, 'u' },
		{ "print", 0, NULL, 'p' }, { "verbose", 0, NULL, 'v' }, { "help", 0, NULL, 'h' },
		{}
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 's':
			opt.seed = strtoull(optarg, NULL, 0);
			break;
		case 'n':
			opt.count = atol(optarg);
			break;
		case 'o':
			opt.ops = atoi(optarg);
			break;
		case 'r':
			opt.rounds = atol(optarg);
			break;
		case 't':
			seconds = atol(optarg);
			break;
		case 'a':
			at_file = optarg;
			break;
		case 'f':
			set_faults(optarg);
			break;
		case 'w':
			opt.wrong = true;
			break;
		case 'u':
			opt.no_engines = true;
			break;
		case 'p':
			opt.print = true;
			break;
		case 'v':
			opt.verbose = true;
			break;
		default:
			fputs(usage, c == 'h' ? stdout : stderr);
			exit(c == 'h' ? 0 : 2);
		}
	}
}

int main(int argc, char **argv)
{
	static char dir[256];
	const char *variant = getenv("VARIANT");
	long start = now_ms(), failed = 0, n;
	char *slash;

	parse(argc, argv);
	if (variant && !strcmp(variant, "debug"))
		opt.slow = 5;
	if (readlink("/proc/self/exe", dir, sizeof(dir) - 1) > 0) {
		slash = strrchr(dir, '/');
		*slash = 0;
	}
	opt.dir = dir;
	/* orphans of the programs become our children, so play() reaps them */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (mkdir("/sys/fs/cgroup/fuzz", 0755) && errno != EEXIST && !opt.print) {
		fprintf(stderr, "fuzz-engines: no cgroup: %s\n", strerror(errno));
		return 2;
	}
	for (n = 0; seconds ? now_ms() - start < seconds * 1000 : n < opt.count; n++) {
		if (!play_seed(opt.seed + n))
			failed++;
		if (failed >= 5)
			break;
	}
	if (!opt.print)
		printf("# %ld sequences in %ld s, %ld failed\n", n,
		       (now_ms() - start) / 1000, failed);
	return failed ? 1 : 0;
}
