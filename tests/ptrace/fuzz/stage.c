// SPDX-License-Identifier: GPL-2.0-only
/* The driver: it is init of a pid namespace, and plays one sequence after another. */
#include <fcntl.h>
#include <linux/futex.h>
#include <time.h>

#include "../rig.h"
#include "fuzz.h"

#define BASE	1001

static int told[ROLES];		/* the steps whose result is in the transcript */
static unsigned int log_told;

static void post(int role, const struct step *step)
{
	struct slot *slot = &SHARED->slots[role];

	slot->step = *step;
	slot->posted++;
	raw(SYS_futex, (long)&slot->posted, FUTEX_WAKE, 1, 0, 0, 0);
}

/* The same pids each time */
static bool reset_pids(void)
{
	char text[16];
	int fd = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);
	int n = snprintf(text, sizeof(text), "%d", BASE - 1);
	bool ok = fd >= 0 && write(fd, text, n) == n;

	if (fd >= 0)
		close(fd);
	return ok;
}

static bool bear_outer(int role)
{
	pid_t pid;

	pid = fork();
	if (!pid)
		outer_start(role);
	return pid == BASE + role && settle() == AT_REST;
}

static bool bear_inner(int parent, int role)
{
	const struct step spawn = { parent, N_OPS, AT_NONE, role };

	post(parent, &spawn);
	if (settle() != AT_REST)
		return false;
	told[parent] = SHARED->slots[parent].done;
	return !is_dead(BASE + role);
}

static bool set_up(const struct sequence *seq)
{
	const int parent = seq->setting.parent_traces ? ROLE_T : ROLE_P;
	const int second = seq->setting.second;

	memset(SHARED->slots, 0, sizeof(SHARED->slots));
	memset(told, 0, sizeof(told));
	SHARED->used = 0;
	SHARED->armed = 0;
	log_told = 0;
	SHARED->base = BASE;
	SHARED->setting = seq->setting;
	watch_start(BASE);
	if (!reset_pids() || !bear_outer(ROLE_T) || !bear_outer(ROLE_P) ||
	    !bear_inner(parent, ROLE_A))
		return false;
	return second == SECOND_NONE ||
	       bear_inner(second == SECOND_THREAD ? ROLE_A : parent, ROLE_B);
}

static void show_log(void)
{
	unsigned int end = SHARED->used;
	char *line, *next;

	if (end > sizeof(SHARED->log))
		end = sizeof(SHARED->log);
	while (log_told < end) {
		line = SHARED->log + log_told;
		next = memchr(line, '\n', end - log_told);
		if (!next)
			break;
		printf("   %.*s\n", (int)(next - line), line);
		log_told += next - line + 1;
	}
}

/* Results of steps that ended just now, this one's or one's given before */
static void show_results(int actor)
{
	int role;

	for (role = 0; role < ROLES; role++) {
		struct slot *slot = &SHARED->slots[role];

		if (slot->done == told[role])
			continue;
		told[role] = slot->done;
		if (role == actor)
			printf("   = %s\n", slot->result);
		else
			printf("   %s's step ends = %s\n", name_of(pid_of(role)), slot->result);
	}
}

/* false: it did not come to rest */
static bool play(int i, const struct step *step)
{
	struct slot *slot = &SHARED->slots[step->actor];
	enum verdict verdict;
	char line[96];

	step_text(step, line, sizeof(line));
	printf("%2d %s\n", i + 1, line);
	if (pid_of(step->actor) > BASE + 1000 || is_dead(pid_of(step->actor))) {
		puts("   (nobody)");
		return true;
	}
	if (slot->posted != slot->done) {
		puts("   (busy)");
		return true;
	}
	post(step->actor, step);
	verdict = settle();
	show_results(step->actor);
	show_log();
	show_changes();
	SHARED->beat++;
	if (verdict == AT_REST)
		return true;
	puts("TIME-OUT, the tasks:");
	show_all();
	return false;
}

/* Everyone in this namespace but its init */
static bool clear(void)
{
	const struct timespec bit = { .tv_nsec = 200000 };
	int i;

	for (i = 0; i < 50000; i++) {
		kill(-1, SIGKILL);
		while (waitpid(-1, NULL, __WALL | WNOHANG) > 0)
			;
		if (waitpid(-1, NULL, __WALL | WNOHANG) < 0 && errno == ECHILD)
			return true;
		nanosleep(&bit, NULL);
	}
	return false;
}

void run_sequence(const struct sequence *seq)
{
	char line[96];
	int i;

	setting_text(&seq->setting, line, sizeof(line));
	printf("# seq %s\n%s\n", seq->name, line);
	if (!set_up(seq)) {
		puts("TIME-OUT: no set-up");
		show_all();
	} else {
		show_changes();
		for (i = 0; i < seq->n && play(i, &seq->steps[i]); i++)
			;
	}
	if (!clear()) {
		puts("TIME-OUT: a task does not die");
		watch_start(BASE);
		settle();
		show_all();
		fflush(stdout);
		_exit(1);
	}
	fflush(stdout);
}
