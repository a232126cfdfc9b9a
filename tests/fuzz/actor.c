// SPDX-License-Identifier: GPL-2.0-only
/* The threads that control engines, and the one that sends signals etc. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fuzz.h"

static struct {
	int fd;
	long offset[UF_PROBES];
} target[2];			/* target64 and target32 */

/* "target --offsets" prints where uprobes can be set. */
void open_targets(void)
{
	char path[300], command[320];
	FILE *f;
	int i;

	for (i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/target%d", opt.dir, i ? 32 : 64);
		target[i].fd = open(path, O_RDONLY | O_CLOEXEC);
		snprintf(command, sizeof(command), "%s --offsets", path);
		f = popen(command, "r");
		if (target[i].fd < 0 || !f ||
		    fscanf(f, "%ld %ld", &target[i].offset[0], &target[i].offset[1]) != 2)
			fail("%s does not run", path);
		if (f)
			pclose(f);
	}
}

static void do_control_op(const struct op *op)
{
	struct uf_arg arg = { .slot = op->slot, .a = op->a, .b = op->b, .seed = op->seed };

	switch (op->kind) {
	case OP_attach:
		arg.pid = task_of(op);
		if (arg.pid > 0)
			call(UF_ATTACH, &arg);
		break;
	case OP_detach:
		/* release must not wait for a stop of another engine to end */
		arg.a = shows(FAULT_late_release) ? 2000 * opt.slow : 0;
		if (!call(UF_DETACH, &arg) && arg.res == -ETIME)
			fail("an engine that is detached was not released in time");
		break;
	case OP_control:
		call(UF_CONTROL, &arg);
		break;
	case OP_events:
		call(UF_EVENTS, &arg);
		break;
	case OP_barrier:
		call(UF_BARRIER, &arg);
		break;
	case OP_examine:
		arg.a = UTRACE_STOP;
		if (!call(UF_CONTROL, &arg))
			call(UF_EXAMINE, &arg);
		break;
	case OP_pause:
		sleep_us(op->a);
		break;
	}
}

static void probe(const struct op *op, bool on)
{
	int i = seq->program[op->target].bits == 32;
	struct uf_arg arg = {
		.slot = op->slot, .pid = target[i].fd, .a = target[i].offset[op->slot],
		.b = on, .seed = op->seed,
	};

	call(UF_PROBE, &arg);
}

void thaw(void)
{
	write_file("/sys/fs/cgroup/fuzz/cgroup.freeze", "0");
}

/*
 * Send SIGKILL repeatedly: an engine may request a stop in report_exit after
 * the first SIGKILL, and the next one ends that stop.
 */
void kill_program(int nr)
{
	pid_t pid = program_pid[nr];
	long start = now_ms(), last = 0;

	was_killed[nr] = true;
	if (kill(-pid, SIGKILL))
		return;
	while (group_alive(pid)) {
		if (now_ms() - start > 2000L * opt.slow) {
			fail("program %d does not die by SIGKILL", nr);
			show_group(pid);
			return;
		}
		if (now_ms() - last > 50)
			kill(-pid, SIGKILL);
		last = now_ms();
		sleep_us(2000);
	}
}

static void do_disturbance(const struct op *op)
{
	pid_t pid = program_pid[op->target];

	switch (op->kind) {
	case OP_kill:
		kill(op->b ? -pid : pid, op->a);
		break;
	case OP_tgkill:
		if (task_of(op) > 0)
			syscall(SYS_tgkill, pid, task_of(op), op->a);
		break;
	case OP_freeze:
		write_file("/sys/fs/cgroup/fuzz/cgroup.freeze", "1");
		break;
	case OP_thaw:
		thaw();
		break;
	case OP_probe:
		probe(op, true);
		break;
	case OP_unprobe:
		probe(op, false);
		break;
	case OP_finish:
		shared->program[op->target].finish = 1;
		break;
	case OP_sigkill:
		kill_program(op->target);
		break;
	case OP_rest:
		sleep_us(op->a);
		break;
	}
}

/* The thread of one actor: run its operations of each phase. */
void *act(void *arg)
{
	int actor = (intptr_t)arg, phase, i = 0;

	for (phase = 1; phase <= seq->phases; phase++) {
		while (shared->phase < phase && !shared->failed)
			sleep_us(200);
		for (; i < seq->n && seq->ops[i].phase == phase; i++) {
			if (seq->ops[i].actor != actor || !in_prefix(&seq->ops[i]) ||
			    shared->failed)
				continue;
			if (actor == DISTURB)
				do_disturbance(&seq->ops[i]);
			else
				do_control_op(&seq->ops[i]);
			/* let the programs make progress between operations */
			sleep_us(seq->ops[i].seed % 1024);
		}
		shared->at[actor] = phase;
	}
	return NULL;
}
