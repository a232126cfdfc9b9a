// SPDX-License-Identifier: GPL-2.0-only
/* Run one sequence: start the programs and the actors, check the results. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

struct sequence *seq;
pid_t program_pid[MAX_TARGETS];
bool was_killed[MAX_TARGETS];
int device = -1;
static int status_of[MAX_TARGETS];
static bool ended[MAX_TARGETS];
static pid_t tracer;

void fail(const char *fmt, ...)
{
	va_list ap;

	if (__sync_lock_test_and_set(&shared->failed, 1))
		return;
	va_start(ap, fmt);
	vsnprintf(shared->why, sizeof(shared->why), fmt, ap);
	va_end(ap);
	/* if the kernel is traced, keep the events that led here */
	write_file("/sys/kernel/tracing/tracing_on", "0");
}

bool in_prefix(const struct op *op)
{
	return opt.ops < 0 || op - seq->ops < opt.ops;
}

/* Returns the tid of the operation's target; <= 0 if it has not started. */
pid_t task_of(const struct op *op)
{
	const struct program *p = &shared->program[op->target];

	return op->thread && !p->init ? p->thread[op->thread].tid : program_pid[op->target];
}

int call(unsigned int cmd, struct uf_arg *arg)
{
	if (device < 0)
		return -ENODEV;
	return ioctl(device, cmd, arg) ? -errno : 0;
}

static void call_all(unsigned int cmd, uint64_t a)
{
	struct uf_arg arg = { .a = a };

	if (call(cmd, &arg) && device >= 0)
		fail("call %x: %s", cmd, strerror(errno));
}

static bool make_shared(void)
{
	int fd = memfd_create("fuzz", 0);

	if (fd < 0 || ftruncate(fd, sizeof(*shared)) || dup2(fd, SHARED_FD) != SHARED_FD)
		return false;
	close(fd);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, SHARED_FD, 0);
	if (shared == MAP_FAILED)
		return false;
	memset(shared, 0, sizeof(*shared));
	shared->parent = getpid();
	memcpy(shared->program, seq->program, sizeof(seq->program));
	return true;
}

static void exec_program(int nr)
{
	char path[300], text[16];
	sigset_t all;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	write_file("/sys/fs/cgroup/fuzz/cgroup.procs", "0");
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	snprintf(path, sizeof(path), "%s/target%d", opt.dir, seq->program[nr].bits);
	snprintf(text, sizeof(text), "%d", nr);
	execl(path, "target", text, NULL);
	_exit(95);
}

/* End the programs' job control stops.  At most every 10 ms unless @all. */
static void send_cont(bool all)
{
	static long last;
	int i;

	if (!all && now_ms() - last < 10)
		return;
	last = now_ms();

	for (i = 0; i < seq->programs; i++)
		if (program_pid[i] > 0 && !ended[i] && (all || group_stopped(program_pid[i])))
			kill(-program_pid[i], SIGCONT);
}

static bool start_program(int nr)
{
	int flags = SIGCHLD | (seq->program[nr].init ? CLONE_NEWPID : 0);
	long start = now_ms();
	pid_t pid = syscall(SYS_clone, flags, 0, 0, 0, 0);

	if (!pid)
		exec_program(nr);
	program_pid[nr] = pid;
	setpgid(pid, pid);
	while (pid > 0 && !shared->program[nr].thread[0].next) {
		if (now_ms() - start > 10000L * opt.slow || waitpid(pid, NULL, WNOHANG) > 0) {
			fail("program %d does not start", nr);
			return false;
		}
		send_cont(false);
		sleep_us(300);
	}
	return pid > 0;
}

static void start_tracer(void)
{
	tracer = fork();
	if (!tracer) {
		if (device >= 0)
			close(device);
		trace();
	}
}

static void show_programs(void)
{
	static const char *const units[] = {
#define UNIT_NAME(name) #name,
		UNITS(UNIT_NAME)
	};
	int i, k;

	for (i = 0; i < seq->programs; i++) {
		printf("# program %d, pid %d, phase %d%s%s:\n", i, program_pid[i], shared->phase,
		       shared->calm ? ", calm" : "", ended[i] ? ", ended" : "");
		for (k = 0; k < seq->program[i].threads; k++)
			printf("#   thread %d: unit %u, %s\n", k,
			       shared->program[i].thread[k].next,
			       shared->program[i].thread[k].kind ?
			       units[shared->program[i].thread[k].kind - 1] : "none");
		show_group(program_pid[i]);
	}
}

/* Reap programs that have ended, and the tracer; start the tracer again. */
static void reap(void)
{
	int status, i;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == tracer) {
			if (!WIFEXITED(status) || WEXITSTATUS(status))
				fail("the tracer ended: %#x", status);
			else
				start_tracer();
		}
		for (i = 0; i < seq->programs; i++) {
			if (pid != program_pid[i])
				continue;
			ended[i] = true;
			status_of[i] = status;
			if (WIFSIGNALED(status) && !was_killed[i] && !seq->lethal && !seq->wrong)
				show_programs();
		}
	}
}

/* Let the programs run: no engine, tracer, freezer or group stop holds them. */
static void let_go(void)
{
	shared->calm = 1;
	thaw();
	call_all(UF_CALM, 1);
	send_cont(true);
}

static bool all_ended(void)
{
	int i;

	for (i = 0; i < seq->programs; i++)
		if (!ended[i])
			return false;
	return true;
}

static bool all_went_on(uint32_t (*from)[MAX_THREADS])
{
	struct program *p;
	int i, k;

	for (i = 0; i < seq->programs; i++) {
		p = &shared->program[i];
		if (ended[i] || p->finish)
			continue;
		for (k = 0; k < p->threads; k++)
			if (p->thread[k].next == from[i][k] && !p->thread[k].done)
				return false;
	}
	return true;
}

/*
 * Returns whether @done became true in time.  Without --show lost_resume,
 * resume all engines once more after the limit and wait again.
 */
static bool wait_until(bool (*done)(uint32_t (*from)[MAX_THREADS]),
		       uint32_t (*from)[MAX_THREADS])
{
	long start = now_ms(), limit = 5000L * opt.slow;
	bool again = false;

	for (;;) {
		reap();
		if (shared->failed || done(from))
			return !shared->failed;
		send_cont(false);
		if (now_ms() - start > limit) {
			if (again || shows(FAULT_lost_resume))
				return false;
			again = true;
			limit += 2000L * opt.slow;
			printf("# seed %llu: a RESUME was lost, if the task goes on now\n",
			       (unsigned long long)seq->seed);
			show_programs();
			call_all(UF_RESUME_ALL, 0);
		}
		sleep_us(1000);
	}
}

/* After a phase: each thread of each program must complete a unit. */
static void check_progress(void)
{
	uint32_t from[MAX_TARGETS][MAX_THREADS];
	int i, k;

	for (i = 0; i < seq->programs; i++)
		for (k = 0; k < MAX_THREADS; k++)
			from[i][k] = shared->program[i].thread[k].next;
	if (!wait_until(all_went_on, from) && !shared->failed) {
		fail("a program does not go on after phase %d, and nobody holds it", shared->phase);
		show_programs();
	}
}

static bool are_ended(uint32_t (*from)[MAX_THREADS])
{
	return all_ended();
}

static void check_status(int nr)
{
	struct program *p = &shared->program[nr];
	int status = status_of[nr], i;
	uint32_t sum = 0;

	if (seq->lethal || seq->wrong || (was_killed[nr] && WIFSIGNALED(status)))
		return;
	for (i = 0; i < p->threads; i++)
		sum = sum_step(sum, model_sum(p, i, p->thread[i].next));
	if (p->failed)
		fail("program %d: %s", nr, p->why);
	else if (!WIFEXITED(status) || !exit_code_ok(p, WEXITSTATUS(status), exit_code_of(sum)))
		fail("program %d ended with %#x, not %#x", nr, status, exit_code_of(sum) << 8);
}

/* Check the module's counts of violations.  May be called at any time. */
static void check_counts(void)
{
	struct uf_arg arg = {};

	if (call(UF_COUNTS, &arg))
		return;
	if (opt.verbose)
		printf("# seed %llu: %llu engines, %llu callbacks, %llu steps\n",
		       (unsigned long long)seq->seed, arg.out[UF_ATTACHED], arg.out[UF_CALLBACKS],
		       arg.out[UF_STEPS]);
	if (arg.out[UF_LATE])
		fail("%llu callbacks after the last one was promised", arg.out[UF_LATE]);
	if (arg.out[UF_WRONG_TASK])
		fail("%llu callbacks in another task", arg.out[UF_WRONG_TASK]);
	if (arg.out[UF_BAD_ERRNO])
		fail("call %llx gave %lld", arg.out[UF_LAST_BAD] >> 32,
		     -(long long)(uint32_t)arg.out[UF_LAST_BAD]);
}

static bool actors_at(int phase)
{
	int i;

	for (i = 0; i < ACTORS; i++)
		if (shared->at[i] < phase)
			return false;
	return true;
}

static void run_phase(int phase)
{
	long start = now_ms();
	int i;

	call_all(UF_CALM, 0);
	shared->calm = 0;
	shared->phase = phase;
	while (!actors_at(phase) && !shared->failed) {
		reap();
		if (now_ms() - start > 30000L * opt.slow) {
			for (i = 0; shared->at[i] >= phase; i++)
				;
			fail("actor %d does not come to the end of phase %d", i, phase);
			show_programs();
		}
		sleep_us(500);
	}
}

static void finish(void)
{
	int i;

	let_go();
	if (seq->ending == FINISH_DETACHED)
		call_all(UF_DETACH_ALL, 0);
	for (i = 0; i < seq->programs; i++)
		shared->program[i].finish = 1;
	if (!wait_until(are_ended, NULL) && !shared->failed) {
		fail("a program does not come to its end, and nobody holds it");
		show_programs();
	}
}

static void kill_all(void)
{
	int i;

	for (i = 0; i < seq->programs; i++)
		if (!ended[i])
			kill_program(i);
	/*
	 * Not before: SIGKILL must end the programs while they are held.  To
	 * reap them, the tracer must have continued its tracees.
	 */
	shared->calm = 1;
	thaw();
	if (!wait_until(are_ended, NULL))
		fail("a program that was killed is not reaped");
}

/* A dying task keeps its engines until it is reaped: retry until then. */
static void check_released(void)
{
	struct uf_arg arg = { .a = 100 };
	long start = now_ms();

	call_all(UF_CALM, 1);
	do {
		call_all(UF_DETACH_ALL, 0);
		if (call(UF_WAIT, &arg) || !arg.res)
			break;
	} while (now_ms() - start < 3000L * opt.slow);
	if (arg.res)
		fail("%lld engines are not released", (long long)arg.res);
	check_counts();
}

static void run_phases(void)
{
	int phase;

	for (phase = 1; phase <= seq->phases && !shared->failed; phase++) {
		run_phase(phase);
		if (shared->failed || (phase == seq->phases && seq->ending == KILLED))
			break;
		let_go();
		check_progress();
		check_counts();
	}
}

static void run_actors(void)
{
	pthread_t threads[ACTORS];
	int i;

	start_tracer();
	for (i = 0; i < TRACER; i++)
		pthread_create(&threads[i], NULL, act, (void *)(intptr_t)i);
	run_phases();
	if (!shared->failed && seq->ending == KILLED)
		kill_all();
	else if (!shared->failed)
		finish();
	for (i = 0; i < seq->programs && !shared->failed; i++)
		check_status(i);
	for (i = 0; i < TRACER && !shared->failed; i++)
		pthread_join(threads[i], NULL);
	if (!shared->failed)
		check_released();
	kill(tracer, SIGKILL);
}

int run_sequence(struct sequence *sequence)
{
	int i;

	seq = sequence;
	if (!make_shared())
		return 2;
	if (!opt.no_engines) {
		device = open("/dev/utrace_fuzz", O_RDWR | O_CLOEXEC);
		if (device < 0)
			fail("/dev/utrace_fuzz: %s", strerror(errno));
		open_targets();
	}
	thaw();
	for (i = 0; i < seq->programs && !shared->failed; i++)
		if (!start_program(i))
			fail("program %d cannot be started", i);
	if (!shared->failed)
		run_actors();
	if (shared->failed)
		printf("# seed %llu: %s\n", (unsigned long long)seq->seed, shared->why);
	fflush(stdout);
	return shared->failed;
}
