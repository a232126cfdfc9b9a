/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A test engine and a ptracer, the test itself, hold the same task.
 *
 * A kind of ptrace stop is defined by a child that reaches it, and the ptrace
 * requests until then.  A run continues the child to the stop and then to its
 * end, and records all that the tracer sees.  The records of a run with an
 * engine must be equal to those of a run without one.
 */
#ifndef UT_BESIDE_H
#define UT_BESIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/types.h>

#include "lib.h"

/* What the children store in ut_shm */
enum { BS_USR1, BS_USR2 };		/* flag: how often the handler ran */
enum { BS_RESULT, BS_NEXT, BS_KID };	/* val: results of the system calls */

#define BS_LISTEN	0x4208	/* PTRACE_LISTEN; in ->lead, then SIGCONT */
#define BS_ERRNO	77		/* errno of a call an engine aborts */

/* How the child comes to be traced */
enum bs_start {
	BS_SEIZE,		/* SEIZE and INTERRUPT, then ->lead */
	BS_OLD,			/* ATTACH, then ->lead */
	BS_ATTACH,		/* ATTACH; its stop is the one tested */
	BS_TRACEME,		/* TRACEME; the first stop is the one tested */
};

struct bs_kind {
	const char *name;
	int (*child)(void);
	enum bs_start start;
	bool born;		/* the stop is that of the child's new child */
	bool sleeps;		/* in pause(): INTERRUPT causes the stop */
	bool listens;		/* PTRACE_LISTEN in the stop, until SIGCONT */
	bool group_stop;	/* remains stopped after PTRACE_DETACH */
	bool execs;
	bool exits;
	long options;
	int lead[4];		/* requests until the stop */
	int tail;		/* the first request after it, then CONT */
	struct ut_rule event;	/* the engine's callback for the stop */
	int end;		/* wait status of the end */
	long natural;		/* result of the first call if it runs */
	long untouched;		/* of the second if the first was skipped */
};

/* variants.h has a variant of the fixture for each */
extern const struct bs_kind bs_signal, bs_attach, bs_traceme, bs_born,
	bs_old_born, bs_old_signal, bs_entry, bs_exit, bs_sysemu, bs_step,
	bs_block_step, bs_sysemu_step, bs_handler, bs_interrupt, bs_group,
	bs_old_group, bs_listen, bs_cont, bs_fork, bs_vfork, bs_vfork_done,
	bs_clone, bs_exec, bs_death, bs_seccomp;

enum bs_order { BS_ALONE, BS_BEFORE, BS_AFTER };

struct bs_run;

/* What a test does in a run; each function may be NULL */
struct bs_action {
	uint64_t events;		/* the engine's mask */
	void (*prepare)(struct bs_run *run);	/* before ->lead */
	void (*stopped)(struct bs_run *run);	/* in the stop */
	void (*resumed)(struct bs_run *run);	/* after the tracer's request */
	void (*ended)(struct bs_run *run);	/* before the end is recorded */
	bool traps;		/* the engine steps: do not record SIGTRAPs */
	bool brief;		/* do not record registers, which may differ */
};

#define BS_TEXT		16384

struct bs_run {
	const struct bs_kind *kind;
	const struct bs_action *action;
	enum bs_order order;
	int h;			/* handle of the engine */
	pid_t pid, kid;
	int status;		/* from the last waitpid() */
	int traps;		/* SIGTRAPs that were not recorded */
	bool there;		/* the stop was reached */
	bool pushed;		/* pause() was interrupted */
	bool resumed;		/* ->resumed was called */
	bool left;		/* the tracer has detached */
	long ax;		/* rax in the last stop */
	char wrong[256];	/* the first failed check */
	size_t len;		/* of text */
	char text[BS_TEXT];	/* the records */
};

/*
 * All events but GROUP_STOP, which would replace group stops.  TRAP is only
 * requested for the kinds that need it; the engine is then a built-in one.
 */
#define BS_ALL		((EV_ALL & ~EV(GROUP_STOP)) | EV(TRAP))
/* Without QUIESCE: for engines that stop the task at one event only */
#define BS_HOLDER	(EV_SIGNALS | EV_SYSCALLS | EV(CLONE) | EV(EXEC) | \
			 EV(EXIT) | EV(SECCOMP) | EV(VFORK_DONE) | EV(DEATH))

/* Run a child from its start to its end.  Returns 0, or -1 with run->wrong. */
int bs_run(struct bs_run *run, const struct bs_kind *kind,
	   const struct bs_action *action, enum bs_order order);
/*
 * Run without an engine, with one attached before, and with one attached after
 * the tracer.  Returns 0 if all records are equal.  @alone: the action of the
 * run without an engine.
 */
int bs_same(const struct bs_kind *kind, const struct bs_action *alone,
	    const struct bs_action *action);
/* The run without an engine, and the last one with an engine */
extern struct bs_run bs_alone, bs_with;

/* For the functions of an action */
#define BS_CHECK(run, cond) bs_check(run, cond, #cond)
bool bs_check(struct bs_run *run, bool good, const char *what);
void bs_note(struct bs_run *run, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The engine still holds the task, but it is in no ptrace stop. */
void bs_check_held(struct bs_run *run);
/* The task is in a ptrace stop: the tracer can read its registers. */
void bs_check_stopped(struct bs_run *run);
/* PTRACE_DETACH */
void bs_leave(struct bs_run *run);
/* Send SIGKILL and wait for the end. */
void bs_kill(struct bs_run *run);
/* Add a rule for the stop's event; the arguments are members of the rule. */
#define bs_rule(run, ...)						\
	bs_rule_add(run, &(struct ut_rule){ __VA_ARGS__ })
void bs_rule_add(struct bs_run *run, const struct ut_rule *what);

/* record.c: record what the tracer sees of a task in a stop, or of its end. */
void bs_record(struct bs_run *run, pid_t pid, int status);
/* Is it the SIGTRAP of a step? */
bool bs_is_step_trap(pid_t pid, int status);
/* Returns the signal that the tracer must deliver, or 0. */
int bs_signal_of(pid_t pid, int status);
void bs_record_end(struct bs_run *run);

#endif /* UT_BESIDE_H */
